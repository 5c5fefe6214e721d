// The value behind the project's own name.
#include <Python.h>

#define MY_GIL_POLICY Py_MOD_GIL_USED

static PyModuleDef_Slot slots[] = {
    {Py_mod_gil, MY_GIL_POLICY},  // expect: FT004
    {0, NULL},
};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
