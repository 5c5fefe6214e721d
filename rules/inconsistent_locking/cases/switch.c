// Helpers that are told whether to lock: who holds the mutex already tells them not to. Of the switches one is a number
// that is handed on, and one caller of it forgets to lock.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyMutex gate;
    long read;
    long sent;
} Meter;

static void note(Meter *self, int lock)
{
    if (lock) PyMutex_Lock(&self->gate);
    self->read++;
    if (lock) PyMutex_Unlock(&self->gate);
}

enum how { BARE, GUARDED };

static void post(Meter *self, enum how how)
{
    if (how == GUARDED) PyMutex_Lock(&self->gate);
    self->sent++;  // expect: FT303
    if (how == GUARDED) PyMutex_Unlock(&self->gate);
}
static void post_twice(Meter *self, enum how how)
{
    post(self, how);
    post(self, how);
}

static PyObject *meter_note(Meter *self, PyObject *unused)
{
    note(self, 1);
    post(self, GUARDED);
    Py_RETURN_NONE;
}
static PyObject *meter_reset(Meter *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    self->read = self->sent = 0;
    note(self, 0);
    post_twice(self, BARE);
    PyMutex_Unlock(&self->gate);
    Py_RETURN_NONE;
}
static PyObject *meter_flush(Meter *self, PyObject *unused)
{
    post_twice(self, BARE);
    Py_RETURN_NONE;
}

static PyMethodDef meter_methods[] = {
    {"note", (PyCFunction)meter_note, METH_NOARGS, NULL},
    {"reset", (PyCFunction)meter_reset, METH_NOARGS, NULL},
    {"flush", (PyCFunction)meter_flush, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Meter_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "meters.Meter",
    .tp_basicsize = sizeof(Meter),
    .tp_methods = meter_methods,
    .tp_new = PyType_GenericNew,
};
static int meters_exec(PyObject *module) { return PyModule_AddType(module, &Meter_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)meters_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "meters", .m_slots = slots};
PyMODINIT_FUNC PyInit_meters(void) { return PyModuleDef_Init(&definition); }
