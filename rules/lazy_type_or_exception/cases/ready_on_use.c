// PyType_Ready in a constructor function.
#include <Python.h>

static PyTypeObject Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.T", .tp_basicsize = sizeof(PyObject), .tp_new = PyType_GenericNew};

static PyObject *f(PyObject *module, PyObject *unused)
{
    if (PyType_Ready(&Type) < 0) return NULL;  // expect: FT206
    return PyObject_CallNoArgs((PyObject *)&Type);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
