// Two modules in one file: one declares, one does not.
#include <Python.h>

static PyModuleDef_Slot a_slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef a = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = a_slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&a); }

static PyModuleDef_Slot b_slots[] = {{0, NULL}};  // expect: FT001
static PyModuleDef b = {PyModuleDef_HEAD_INIT, .m_name = "b", .m_slots = b_slots};
PyMODINIT_FUNC PyInit_b(void) { return PyModuleDef_Init(&b); }
