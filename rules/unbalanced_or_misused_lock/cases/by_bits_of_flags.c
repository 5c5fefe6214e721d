// Some bits of a number say whether to lock, and whether to unlock. Other bits are another question.
#include <Python.h>

enum { THREADED = 2, SHARED = 4 };
typedef struct { PyObject_HEAD PyMutex gate; unsigned flags; } T;

static PyObject *t_same(T *self, PyObject *unused)
{
    if (self->flags & THREADED) PyMutex_Lock(&self->gate);
    PyObject *made = PyLong_FromLong(3);
    if (self->flags & THREADED) PyMutex_Unlock(&self->gate);
    return made;
}
static PyObject *t_spelled(T *self, PyObject *object)
{
    long flags = PyLong_AsLong(object);
    if ((flags & THREADED) != 0) PyMutex_Lock(&self->gate);
    PyObject *made = PyLong_FromLong(flags);
    if ((THREADED & flags) == THREADED) PyMutex_Unlock(&self->gate);
    return made;
}
static void enter(T *self)
{
    if (self->flags & THREADED) PyMutex_Lock(&self->gate);
}
static void leave(T *self)
{
    if (self->flags & THREADED) PyMutex_Unlock(&self->gate);
}
static PyObject *t_helpers(T *self, PyObject *unused)
{
    enter(self);
    PyObject *made = PyLong_FromLong(3);
    leave(self);
    return made;
}
static PyObject *t_other(T *self, PyObject *unused)
{
    if (self->flags & THREADED) PyMutex_Lock(&self->gate);
    PyObject *made = PyLong_FromLong(3);
    if (self->flags & SHARED) PyMutex_Unlock(&self->gate);  // expect: FT407
    return made;  // expect: FT407
}
static PyObject *t_forgotten(T *self, PyObject *unused)
{
    if (self->flags & THREADED) PyMutex_Lock(&self->gate);
    PyObject *made = PyLong_FromLong(3);
    if (made == NULL) return NULL;  // expect: FT407
    if (self->flags & THREADED) PyMutex_Unlock(&self->gate);
    return made;
}

static PyMethodDef methods[] = {
    {"same", (PyCFunction)t_same, METH_NOARGS, NULL},
    {"spelled", (PyCFunction)t_spelled, METH_O, NULL},
    {"helpers", (PyCFunction)t_helpers, METH_NOARGS, NULL},
    {"other", (PyCFunction)t_other, METH_NOARGS, NULL},
    {"forgotten", (PyCFunction)t_forgotten, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.T", .tp_basicsize = sizeof(T), .tp_methods = methods};
