// The item is only tested, through a local and through negation.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *dict)
{
    PyObject *item = PyDict_GetItemWithError(dict, Py_None);
    if (!item) return PyErr_Occurred() ? NULL : Py_NewRef(Py_False);
    return Py_NewRef(Py_True);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
