// The pointer is copied before the region and used in it, and after it.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    void *handle, *other;
} Codec;

extern int lib_step(void *handle);
extern void lib_free(void *handle);

static PyObject *inside(PyObject *op, PyObject *unused)
{
    void *handle = ((Codec *)op)->handle;
    int rc;
    Py_BEGIN_ALLOW_THREADS
    rc = lib_step(handle);  // expect: FT315
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(rc);
}

static PyObject *after(PyObject *op, PyObject *unused)
{
    Codec *self = (Codec *)op;
    void *other = self->other;
    Py_BEGIN_ALLOW_THREADS
    lib_step(NULL);
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(lib_step(other));  // expect: FT315
}

static PyObject *close_all(PyObject *op, PyObject *unused)
{
    Codec *self = (Codec *)op;
    lib_free(self->handle), lib_free(self->other);
    self->handle = self->other = NULL;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"inside", inside, METH_NOARGS, NULL},
    {"after", after, METH_NOARGS, NULL},
    {"close", close_all, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
