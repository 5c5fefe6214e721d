// A pointer is read in one locked stretch and followed in the next: it may be gone by then. It is read again, or found
// to be what it was, or nobody frees it.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex gate; long *items; long *fixed; Py_ssize_t used; unsigned version; } T;

static PyObject *t_clear(T *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    PyMem_RawFree(self->items);
    self->items = PyMem_RawCalloc(4, sizeof(long));
    self->version++;
    PyMutex_Unlock(&self->gate);
    Py_RETURN_NONE;
}
static PyObject *t_old(T *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    long *items = self->items;  // expect: FT303
    PyMutex_Unlock(&self->gate);
    PyMutex_Lock(&self->gate);
    long first = items[0];
    PyMutex_Unlock(&self->gate);
    return PyLong_FromLong(first);
}
static PyObject *t_again(T *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    long *items = self->items;
    PyMutex_Unlock(&self->gate);
    if (items == NULL) Py_RETURN_NONE;
    PyMutex_Lock(&self->gate);
    items = self->items;
    long first = items[0];
    PyMutex_Unlock(&self->gate);
    return PyLong_FromLong(first);
}
static PyObject *t_version(T *self, PyObject *unused)
{
    long first = 0;
    PyMutex_Lock(&self->gate);
    long *items = self->items;
    unsigned version = self->version;
    PyMutex_Unlock(&self->gate);
    PyMutex_Lock(&self->gate);
    if (self->version == version) first = items[0];
    PyMutex_Unlock(&self->gate);
    return PyLong_FromLong(first);
}
static PyObject *t_fixed(T *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    long *fixed = self->fixed;
    PyMutex_Unlock(&self->gate);
    PyMutex_Lock(&self->gate);
    long first = fixed[0];
    PyMutex_Unlock(&self->gate);
    return PyLong_FromLong(first);
}

static PyMethodDef methods[] = {
    {"clear", (PyCFunction)t_clear, METH_NOARGS, NULL},
    {"old", (PyCFunction)t_old, METH_NOARGS, NULL},
    {"again", (PyCFunction)t_again, METH_NOARGS, NULL},
    {"version", (PyCFunction)t_version, METH_NOARGS, NULL},
    {"fixed", (PyCFunction)t_fixed, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.T", .tp_basicsize = sizeof(T), .tp_methods = methods};
