// The lock hangs off a pointer: who has taken it by that pointer knows that the helper, which asks, gives it back.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyThread_type_lock lock;
} Link;

typedef struct {
    PyObject_HEAD
    Link *link;
    int rows, busy;
} Cursor;

static int finish(Cursor *self)
{
    if (self->busy) {
        PyErr_SetString(PyExc_RuntimeError, "in use");
        return -1;
    }
    self->rows = 0;
    if (self->link) PyThread_release_lock(self->link->lock);
    return 0;
}

static PyObject *reset(Cursor *self, PyObject *Py_UNUSED(ignored))
{
    if (!PyThread_acquire_lock(self->link->lock, NOWAIT_LOCK)) Py_RETURN_NONE;
    if (finish(self) < 0) {
        PyThread_release_lock(self->link->lock);
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *stop(Cursor *self, PyObject *Py_UNUSED(ignored))
{
    if (!PyThread_acquire_lock(self->link->lock, NOWAIT_LOCK)) Py_RETURN_FALSE;
    if (finish(self) < 0) return NULL;  // expect: FT407
    Py_RETURN_TRUE;
}

static PyObject *close_link(Cursor *self, PyObject *Py_UNUSED(ignored))
{
    if (!PyThread_acquire_lock(self->link->lock, NOWAIT_LOCK)) Py_RETURN_FALSE;
    self->rows = 0;
    if (self->link) PyThread_release_lock(self->link->lock);
    Py_RETURN_TRUE;
}

static PyMethodDef methods[] = {
    {"reset", (PyCFunction)reset, METH_NOARGS, NULL},
    {"stop", (PyCFunction)stop, METH_NOARGS, NULL},
    {"close", (PyCFunction)close_link, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject Cursor_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "rows.Cursor",
    .tp_basicsize = sizeof(Cursor),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = methods,
};
