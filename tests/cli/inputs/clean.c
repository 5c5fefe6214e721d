#include <Python.h>

static PyObject *one(PyObject *module, PyObject *unused) { return PyLong_FromLong(1); }

static PyMethodDef methods[] = {{"one", one, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "clean", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_clean(void) { return PyModuleDef_Init(&definition); }
