// The macro is there in builds without the GIL alone: what it stands for is under that condition wherever it is used.
#include <Python.h>

#ifdef Py_GIL_DISABLED
#define DECLARE(module) PyUnstable_Module_SetGIL((module), Py_MOD_GIL_NOT_USED)
#else
#define DECLARE(module) 0
#endif

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_size = -1};

PyMODINIT_FUNC PyInit_m(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL) return NULL;
    if (DECLARE(module) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
