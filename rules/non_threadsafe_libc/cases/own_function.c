// A function of the project with the library's name.
#include <Python.h>

static long getgrnam(long group) { return group + 1; }

static PyObject *f(PyObject *module, PyObject *arg) { return PyLong_FromLong(getgrnam(PyLong_AsLong(arg))); }

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
