// The init function leaves the work to a helper.
#include <Python.h>

static PyModuleDef_Slot slots[] = {{0, NULL}};  // expect: FT001
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};

static PyObject *start(PyModuleDef *which) { return PyModuleDef_Init(which); }

PyMODINIT_FUNC PyInit_m(void) { return start(&definition); }
