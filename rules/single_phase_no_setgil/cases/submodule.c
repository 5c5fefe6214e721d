// The inner module is made by the outer one and never imported by name.
#include <Python.h>

static PyModuleDef inner = {PyModuleDef_HEAD_INIT, .m_name = "outer.inner", .m_size = -1};

static int set_up(PyObject *module)
{
    PyObject *sub = PyModule_Create(&inner);
    if (sub == NULL) return -1;
    return PyModule_Add(module, "inner", sub);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)set_up}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef outer = {PyModuleDef_HEAD_INIT, .m_name = "outer", .m_slots = slots};
PyMODINIT_FUNC PyInit_outer(void) { return PyModuleDef_Init(&outer); }
