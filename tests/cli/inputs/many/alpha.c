#include "shared.h"

PyObject *alpha(PyObject *self, PyObject *key)
{
    PyObject *value = look_up(key);
    Py_XINCREF(value);
    return value;
}
