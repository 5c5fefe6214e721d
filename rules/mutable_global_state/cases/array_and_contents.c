// Elements of an array, and what a pointer leads to.
#include <Python.h>

static long histogram[16];
static unsigned char *mask;

static PyObject *f(PyObject *module, PyObject *arg)
{
    histogram[PyLong_AsLong(arg) & 15]++;  // expect: FT201
    return PyLong_FromLong(histogram[0]);
}

static PyObject *g(PyObject *module, PyObject *arg)
{
    mask[PyLong_AsLong(arg) & 15] = 1;  // expect: FT201
    Py_RETURN_NONE;
}

static PyObject *h(PyObject *module, PyObject *unused) { return PyLong_FromLong(mask[0]); }

static int m_exec(PyObject *module)
{
    mask = PyMem_RawCalloc(16, 1);
    return mask ? 0 : -1;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_O, NULL},
    {"h", h, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
