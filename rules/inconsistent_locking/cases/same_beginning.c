// Two records that begin alike, the one used as the other: what they have in common is one state. A record of the same
// beginning that nobody takes for the other has fields of its own.
#include <Python.h>

#define COMMON PyObject_HEAD PyMutex gate; long count;
typedef struct { COMMON } Plain;
typedef struct { COMMON long depth; } Deep;
typedef struct { COMMON long width; } Wide;

static PyObject *deep_add(Deep *self, PyObject *unused)
{
    Plain *plain = (Plain *)self;
    PyMutex_Lock(&plain->gate);
    plain->count++;
    PyMutex_Unlock(&plain->gate);
    Py_RETURN_NONE;
}
static PyObject *deep_locked(Deep *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    long count = self->count;
    PyMutex_Unlock(&self->gate);
    return PyLong_FromLong(count);
}
static PyObject *deep_bare(Deep *self, PyObject *unused)
{
    return PyLong_FromLong(self->count);  // expect: FT303
}
static PyObject *wide_bare(Wide *self, PyObject *unused) { return PyLong_FromLong(self->count); }

static PyMethodDef deep_methods[] = {
    {"add", (PyCFunction)deep_add, METH_NOARGS, NULL},
    {"locked", (PyCFunction)deep_locked, METH_NOARGS, NULL},
    {"bare", (PyCFunction)deep_bare, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyMethodDef wide_methods[] = {{"bare", (PyCFunction)wide_bare, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
PyTypeObject Deep_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Deep", .tp_basicsize = sizeof(Deep), .tp_methods = deep_methods};
PyTypeObject Wide_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Wide", .tp_basicsize = sizeof(Wide), .tp_methods = wide_methods};
