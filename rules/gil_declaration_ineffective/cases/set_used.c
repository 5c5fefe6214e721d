// Called at the right time, with the value that asks for the GIL.
#include <Python.h>

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_size = -1};

PyMODINIT_FUNC PyInit_m(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL) return NULL;
    PyUnstable_Module_SetGIL(module, Py_MOD_GIL_USED);  // expect: FT004
    return module;
}
