// A mark in the object sends a second call away before anything is touched.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    char *buf;
    int ready;
} Once;

static int once_init(Once *self, PyObject *args, PyObject *kwargs)
{
    if (self->ready) {
        PyErr_SetString(PyExc_RuntimeError, "already initialised");
        return -1;
    }
    self->ready = 1;
    PyMem_Free(self->buf);
    self->buf = PyMem_Malloc(64);
    return self->buf == NULL ? -1 : 0;
}

static PyObject *once_first(Once *self, PyObject *unused) { return PyLong_FromLong(self->buf ? self->buf[0] : 0); }

static PyMethodDef once_methods[] = {{"first", (PyCFunction)once_first, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject Once_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "once.Once",
    .tp_basicsize = sizeof(Once),
    .tp_init = (initproc)once_init,
    .tp_methods = once_methods,
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "once", .m_slots = slots};
PyMODINIT_FUNC PyInit_once(void) { return PyModuleDef_Init(&definition); }
