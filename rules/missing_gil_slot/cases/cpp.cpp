// C++ casts in the table, and the project's own macro around the slot.
#include <Python.h>

#define SLOT_GIL {Py_mod_gil, Py_MOD_GIL_NOT_USED},

static int set_up(PyObject *) { return 0; }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, reinterpret_cast<void *>(set_up)}, SLOT_GIL {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, nullptr, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
