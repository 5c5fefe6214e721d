#include <Python.h>

static PyModuleDef def = {PyModuleDef_HEAD_INIT, "either", NULL, -1, NULL, NULL, NULL, NULL, NULL};
#define FAILED return NULL
PyMODINIT_FUNC PyInit_either(void)
{
    PyObject *m;
#if PY_MAJOR_VERSION >= 3
    m = PyModule_Create(&def);
#else
    m = Py_InitModule("either", NULL);
#endif
    if (!m) FAILED;
    return m;
}
