#define Py_GIL_DISABLED 1
