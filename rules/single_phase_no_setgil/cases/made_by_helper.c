// The module comes from a helper.
#include <Python.h>

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_size = -1};

static PyObject *make(void)
{
    PyObject *module = PyModule_Create(&definition);  // expect: FT002
    if (module != NULL) PyModule_AddStringConstant(module, "kind", "made");
    return module;
}

PyMODINIT_FUNC PyInit_m(void) { return make(); }
