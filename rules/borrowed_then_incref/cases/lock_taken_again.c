// A reference that is read in one locked stretch is counted in the next: the object may have been released between
// them. Counted in the first it is the function's own.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex gate; PyObject *value; long asked; } T;

static PyObject *t_set(T *self, PyObject *value)
{
    PyMutex_Lock(&self->gate);
    PyObject *old = self->value;
    self->value = Py_NewRef(value);
    PyMutex_Unlock(&self->gate);
    Py_XDECREF(old);
    Py_RETURN_NONE;
}
static PyObject *t_late(T *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    PyObject *value = self->value;  // expect: FT102
    PyMutex_Unlock(&self->gate);
    PyMutex_Lock(&self->gate);
    self->asked++;
    Py_XINCREF(value);
    PyMutex_Unlock(&self->gate);
    return value;
}
static PyObject *t_first(T *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    PyObject *value = Py_XNewRef(self->value);
    PyMutex_Unlock(&self->gate);
    PyMutex_Lock(&self->gate);
    self->asked += value == self->value;
    PyMutex_Unlock(&self->gate);
    return value;
}

static PyMethodDef methods[] = {
    {"set", (PyCFunction)t_set, METH_O, NULL},
    {"late", (PyCFunction)t_late, METH_NOARGS, NULL},
    {"first", (PyCFunction)t_first, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.T", .tp_basicsize = sizeof(T), .tp_methods = methods};
