// A call on the other side of the condition is not part of the free-threaded program.
#include <Python.h>

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_size = -1};

PyMODINIT_FUNC PyInit_m(void)
{
    PyObject *module = PyModule_Create(&definition);  // expect: FT002
#ifndef Py_GIL_DISABLED
    if (module) PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);
#endif
    return module;
}
