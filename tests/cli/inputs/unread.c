// The statement before is one that nobody can read without the header, and takes the declaration along.
#include <Python.h>
#include "targets.h"

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_size = -1};

PyMODINIT_FUNC PyInit_m(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL) return NULL;
#define ATTACH(name) PyModule_AddIntConstant(module, #name, 1);
    EACH_TARGET(HAVE | 1, ATTACH, UNUSED)
    EACH_BASELINE(ATTACH, UNUSED)
    PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);
    return module;
}
