// Fields without names, as older code writes them.
#include <Python.h>

static PyModuleDef_Slot slots[] = {{0, NULL}};  // expect: FT001
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", NULL, 0, NULL, slots, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
