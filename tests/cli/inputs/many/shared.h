#include <Python.h>

extern PyObject *registry;
static inline PyObject *look_up(PyObject *key) { return PyDict_GetItem(registry, key); }
