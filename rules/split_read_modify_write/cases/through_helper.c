// The load stands in a function of its own.
#include <Python.h>
#include <stdatomic.h>

static atomic_int n;

static int now(void) { return atomic_load(&n); }

static PyObject *f(PyObject *module, PyObject *unused)
{
    atomic_store(&n, now() + 1);  // missed: FT703
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
