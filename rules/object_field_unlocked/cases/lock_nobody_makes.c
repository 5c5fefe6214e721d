// A lock that nobody makes keeps nobody out.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyThread_type_lock lock;
    unsigned long sum;
} Bare;

static PyObject *bare_update(Bare *self, PyObject *Py_UNUSED(ignored))
{
    if (self->lock != NULL) PyThread_acquire_lock(self->lock, WAIT_LOCK);
    self->sum += 2;  // expect: FT301
    if (self->lock != NULL) PyThread_release_lock(self->lock);
    Py_RETURN_NONE;
}

static PyMethodDef bare_methods[] = {
    {"update", (PyCFunction)bare_update, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject Bare_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "sums.Bare",
    .tp_basicsize = sizeof(Bare),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = bare_methods,
    .tp_new = PyType_GenericNew,
};
