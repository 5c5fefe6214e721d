#include "shared.h"

PyObject *gamma(PyObject *self, PyObject *key)
{
    PyObject *value = look_up(key);
    Py_XINCREF(value);
    return value;
}
