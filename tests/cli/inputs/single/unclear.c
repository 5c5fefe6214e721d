#include <Python.h>

static PyModuleDef def = {PyModuleDef_HEAD_INIT, "unclear", NULL, -1, NULL, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_unclear(void)
{
    PyObject *m = NULL;
    if (Py_IsInitialized()) m = PyModule_Create(&def);
    else PyErr_SetNone(PyExc_ImportError);
    return m;
}
