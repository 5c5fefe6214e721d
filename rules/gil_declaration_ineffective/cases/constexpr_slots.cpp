// The slot stands behind the end of the array, whatever the array is.
#include <Python.h>

static int oars_exec(PyObject *module) { return PyModule_AddIntConstant(module, "PAIRS", 4); }
static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void *>(oars_exec)},
    {0, nullptr},
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},  // expect: FT004
};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "oars", nullptr, 0, nullptr, slots};
PyMODINIT_FUNC PyInit_oars() { return PyModuleDef_Init(&definition); }
