// The macro is there in every build, and so is what it stands for.
#include <Python.h>

#ifdef Py_GIL_DISABLED
#define HAS_THREADS 1
#else
#define HAS_THREADS 0
#endif
#define DECLARE(module) PyUnstable_Module_SetGIL((module), Py_MOD_GIL_NOT_USED)

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_size = -1};

PyMODINIT_FUNC PyInit_m(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL) return NULL;
    if (DECLARE(module) < 0) {  // expect: FT004
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
