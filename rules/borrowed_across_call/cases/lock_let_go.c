// The object that a field names is read under the lock and called when the lock was given back, without a reference:
// who sets the field next drops it. The twin takes a reference while it holds the lock.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyMutex gate;
    PyObject *waker;
} Clock;

static PyObject *clock_set(Clock *self, PyObject *waker)
{
    PyMutex_Lock(&self->gate);
    PyObject *old = self->waker;
    self->waker = Py_NewRef(waker);
    PyMutex_Unlock(&self->gate);
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyObject *clock_wake(Clock *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    PyObject *waker = Py_XNewRef(self->waker);
    PyMutex_Unlock(&self->gate);
    if (waker == NULL) Py_RETURN_NONE;
    PyObject *out = PyObject_CallNoArgs(waker);
    Py_DECREF(waker);
    return out;
}

static PyObject *clock_wake_badly(Clock *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    PyObject *waker = self->waker;  // expect: FT103
    PyMutex_Unlock(&self->gate);
    if (waker == NULL) Py_RETURN_NONE;
    return PyObject_CallNoArgs(waker);
}

static PyMethodDef clock_methods[] = {
    {"set", (PyCFunction)clock_set, METH_O, NULL},
    {"wake", (PyCFunction)clock_wake, METH_NOARGS, NULL},
    {"wake_badly", (PyCFunction)clock_wake_badly, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Clock_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "clocks.Clock",
    .tp_basicsize = sizeof(Clock),
    .tp_methods = clock_methods,
    .tp_new = PyType_GenericNew,
};
static int clocks_exec(PyObject *module) { return PyModule_AddType(module, &Clock_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)clocks_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "clocks", .m_slots = slots};
PyMODINIT_FUNC PyInit_clocks(void) { return PyModuleDef_Init(&definition); }
