// A definition that no init function uses makes no module.
#include <Python.h>

static PyModuleDef_Slot old_slots[] = {{0, NULL}};
static PyModuleDef old = {PyModuleDef_HEAD_INIT, .m_name = "old", .m_slots = old_slots};

static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { (void)old; return PyModuleDef_Init(&definition); }
