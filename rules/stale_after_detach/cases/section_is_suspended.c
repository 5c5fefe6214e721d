// A critical section around the region: the detach suspends it.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    void *handle;
} Codec;

extern int lib_step(void *handle);
extern void lib_free(void *handle);

static PyObject *step(PyObject *op, PyObject *unused)
{
    Codec *self = (Codec *)op;
    int rc;
    Py_BEGIN_CRITICAL_SECTION(self);
    Py_BEGIN_ALLOW_THREADS
    rc = lib_step(self->handle);  // expect: FT315
    Py_END_ALLOW_THREADS
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(rc);
}

static PyObject *reset(PyObject *op, PyObject *unused)
{
    Codec *self = (Codec *)op;
    Py_BEGIN_CRITICAL_SECTION(self);
    lib_free(self->handle);
    self->handle = NULL;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"step", step, METH_NOARGS, NULL},
    {"reset", reset, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
