#include <Python.h>

static PyModuleDef def = {PyModuleDef_HEAD_INIT, "kept", NULL, -1, NULL, NULL, NULL, NULL, NULL};
static PyObject *module;
PyMODINIT_FUNC PyInit_kept(void)
{
    module = PyModule_Create(&def);
    if (module == NULL) {
        return NULL;
    }
    return module;
}
