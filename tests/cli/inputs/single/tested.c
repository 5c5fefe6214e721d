#include <Python.h>

static PyModuleDef def = {PyModuleDef_HEAD_INIT, "tested", NULL, -1, NULL, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_tested(void)
{
    PyObject *m;
    if ((m = PyModule_Create(&def)) == NULL)
        return NULL;
    return m;
}
