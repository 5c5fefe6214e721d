// A lock for Python: one method takes it, another gives it back.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyThread_type_lock lock;
} Latch;

static PyObject *Latch_acquire(Latch *self, PyObject *unused)
{
    Py_BEGIN_ALLOW_THREADS
    PyThread_acquire_lock(self->lock, 1);
    Py_END_ALLOW_THREADS
    if (PyErr_CheckSignals() < 0) {
        PyThread_release_lock(self->lock);
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *Latch_release(Latch *self, PyObject *unused)
{
    PyThread_release_lock(self->lock);
    Py_RETURN_NONE;
}

static PyMethodDef Latch_methods[] = {
    {"acquire", (PyCFunction)Latch_acquire, METH_NOARGS, NULL},
    {"release", (PyCFunction)Latch_release, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Latch_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "latch.Latch",
    .tp_basicsize = sizeof(Latch),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_methods = Latch_methods,
};
static int latch_exec(PyObject *module) { return PyModule_AddType(module, &Latch_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)latch_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "latch", .m_slots = slots};
PyMODINIT_FUNC PyInit_latch(void) { return PyModuleDef_Init(&definition); }
