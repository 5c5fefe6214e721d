// A lock that every object is made with, asked for all the same.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyThread_type_lock lock;
    unsigned long sum;
} Digest;

static PyObject *update(Digest *self, PyObject *data)
{
    const unsigned long more = PyLong_AsUnsignedLong(data);
    if (self->lock != NULL) PyThread_acquire_lock(self->lock, WAIT_LOCK);
    self->sum += more;
    if (self->lock != NULL) PyThread_release_lock(self->lock);
    Py_RETURN_NONE;
}

static PyObject *sum(Digest *self, PyObject *Py_UNUSED(ignored))
{
    unsigned long now;
    if (self->lock != NULL) PyThread_acquire_lock(self->lock, WAIT_LOCK);
    now = self->sum;
    if (self->lock != NULL) PyThread_release_lock(self->lock);
    return PyLong_FromUnsignedLong(now);
}

static PyObject *peek(Digest *self, PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromUnsignedLong(self->sum);  // expect: FT303
}

static PyObject *make(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    Digest *self = (Digest *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->lock = PyThread_allocate_lock();
    if (self->lock == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static PyMethodDef methods[] = {
    {"update", (PyCFunction)update, METH_O, NULL},
    {"sum", (PyCFunction)sum, METH_NOARGS, NULL},
    {"peek", (PyCFunction)peek, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject Digest_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "sums.Digest",
    .tp_basicsize = sizeof(Digest),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = methods,
    .tp_new = make,
};
