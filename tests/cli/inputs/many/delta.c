#include "shared.h"

PyObject *many_delta(PyObject *self, PyObject *key)
{
    PyObject *value = look_up(key);
    Py_XINCREF(value);
    return value;
}
