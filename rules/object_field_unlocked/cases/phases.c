// A phase is moved on from where it is asked for, and set by others as they like; a number that is worked out once.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    int phase;  // 0 new, 1 open, 2 closed
    long digest;
} Tap;

static PyObject *open_tap(Tap *self, PyObject *Py_UNUSED(ignored))
{
    if (self->phase == 0) self->phase = 1;
    return PyLong_FromLong(self->phase);
}

static PyObject *close_tap(Tap *self, PyObject *Py_UNUSED(ignored))
{
    self->phase = 2;  // expect: FT301
    Py_RETURN_NONE;
}

static Py_hash_t hash(Tap *self)
{
    if (self->digest == 0) self->digest = 17;
    return self->digest;
}

static PyMethodDef methods[] = {
    {"open", (PyCFunction)open_tap, METH_NOARGS, NULL},
    {"close", (PyCFunction)close_tap, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject Tap_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "water.Tap",
    .tp_basicsize = sizeof(Tap),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = methods,
    .tp_hash = (hashfunc)hash,
    .tp_new = PyType_GenericNew,
};
