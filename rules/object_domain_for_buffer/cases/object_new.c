// PyObject_New and PyObject_GC_New are what objects come from.
#include <Python.h>

typedef struct { PyObject_HEAD int n; } Thing;
static PyTypeObject Thing_Type = {PyVarObject_HEAD_INIT(NULL, 0) .tp_name = "m.Thing", .tp_basicsize = sizeof(Thing)};

static PyObject *f(PyObject *module, PyObject *unused) { return (PyObject *)PyObject_New(Thing, &Thing_Type); }

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
