// `x = x + 1` on an _Atomic is two operations, `x += 1` is one; a local in between changes nothing.
#include <Python.h>
#include <stdatomic.h>

static _Atomic long a, b, c;

static PyObject *f(PyObject *module, PyObject *unused)
{
    a = a + 1;  // expect: FT703
    b += 1;
    long n = c;
    n++;
    c = n;  // expect: FT703
    return PyLong_FromLong(n);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
