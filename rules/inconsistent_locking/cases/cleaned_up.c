// A local with a cleanup function gives the lock back at the end of its block, and no later.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex gate; long count; } T;

static PyMutex *hold(PyMutex *gate)
{
    PyMutex_Lock(gate);
    return gate;
}
static void let_go(PyMutex **held) { PyMutex_Unlock(*held); }
#define HOLD(gate) PyMutex *held __attribute__((cleanup(let_go))) = hold(gate)

static PyObject *t_add(T *self, PyObject *object)
{
    HOLD(&self->gate);
    if (object == Py_None) return NULL;
    self->count++;
    Py_RETURN_NONE;
}
static PyObject *t_get(T *self, PyObject *unused)
{
    HOLD(&self->gate);
    return PyLong_FromLong(self->count);
}
static PyObject *t_late(T *self, PyObject *unused)
{
    {
        HOLD(&self->gate);
    }
    return PyLong_FromLong(self->count);  // expect: FT303
}

static PyMethodDef methods[] = {
    {"add", (PyCFunction)t_add, METH_O, NULL},
    {"get", (PyCFunction)t_get, METH_NOARGS, NULL},
    {"late", (PyCFunction)t_late, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.T", .tp_basicsize = sizeof(T), .tp_methods = methods};
