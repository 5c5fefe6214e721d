// The idiom of CPython's own modules: try first, and detach only to wait.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyThread_type_lock lock;
    PyObject *last;
} Stream;

static PyObject *f(PyObject *op, PyObject *arg)
{
    Stream *self = (Stream *)op;
    if (!PyThread_acquire_lock(self->lock, 0)) {
        Py_BEGIN_ALLOW_THREADS
        PyThread_acquire_lock(self->lock, 1);
        Py_END_ALLOW_THREADS
    }
    Py_XSETREF(self->last, Py_NewRef(arg));
    PyThread_release_lock(self->lock);
    Py_RETURN_NONE;
}

static PyObject *g(PyObject *op, PyObject *arg)
{
    Stream *self = (Stream *)op;
    PyThread_acquire_lock(self->lock, 1);  // expect: FT406
    Py_XSETREF(self->last, Py_NewRef(arg));
    PyThread_release_lock(self->lock);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
