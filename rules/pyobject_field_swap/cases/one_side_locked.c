// The writer that forgot the lock is told, not the ones that hold it.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *peer; PyMutex mu; } A;

static PyObject *a_get_peer(A *self, void *closure)
{
    PyMutex_Lock(&self->mu);
    PyObject *peer = Py_XNewRef(self->peer);
    PyMutex_Unlock(&self->mu);
    return peer;
}

static int a_set_peer(A *self, PyObject *peer, void *closure)
{
    PyMutex_Lock(&self->mu);
    PyObject *old = self->peer;
    self->peer = Py_XNewRef(peer);
    PyMutex_Unlock(&self->mu);
    Py_XDECREF(old);
    return 0;
}

static PyObject *a_drop(A *self, PyObject *unused)
{
    Py_CLEAR(self->peer);  // expect: FT302
    Py_RETURN_NONE;
}

static PyMethodDef a_methods[] = {
    {"drop", (PyCFunction)a_drop, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef a_getset[] = {
    {"peer", (getter)a_get_peer, (setter)a_set_peer, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_getset = a_getset,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
