// Through PyType_GetDict; a plain dict next to it; the dict of a module.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *object)
{
    PyObject *dict = PyType_GetDict(Py_TYPE(object));
    int failed = PyDict_SetItemString(dict, "mark", Py_True);  // expect: FT209
    Py_DECREF(dict);
    if (failed) return NULL;
    PyObject *own = PyDict_New();
    if (own == NULL || PyDict_SetItemString(own, "mark", Py_True) < 0) return NULL;
    if (PyDict_SetItemString(PyModule_GetDict(module), "own", own) < 0) return NULL;
    return own;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
