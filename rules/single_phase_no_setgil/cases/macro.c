// The project's own macro around the call.
#include <Python.h>

#ifdef Py_GIL_DISABLED
#define DECLARE_FREE_THREADED(m) PyUnstable_Module_SetGIL(m, Py_MOD_GIL_NOT_USED)
#else
#define DECLARE_FREE_THREADED(m)
#endif

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_size = -1};

PyMODINIT_FUNC PyInit_m(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL) return NULL;
    DECLARE_FREE_THREADED(module);
    return module;
}
