#include "shared.h"

PyObject *epsilon(PyObject *self, PyObject *key)
{
    PyObject *value = look_up(key);
    Py_XINCREF(value);
    return value;
}
