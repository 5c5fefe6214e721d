// close() frees what the field leads to and leaves the field as it is; nothing says that the library's call frees.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    void *handle;
    int valid;
} Codec;

extern int lib_step(void *handle);
extern void lib_unbind(void *handle);

static PyObject *step(PyObject *op, PyObject *unused)
{
    Codec *self = (Codec *)op;
    int rc;
    if (!self->valid) return PyErr_Format(PyExc_ValueError, "closed");
    Py_BEGIN_ALLOW_THREADS
    rc = lib_step(self->handle);  // missed: FT315
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(rc);
}

static PyObject *unbind(PyObject *op, PyObject *unused)
{
    Codec *self = (Codec *)op;
    lib_unbind(self->handle);
    self->valid = 0;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"step", step, METH_NOARGS, NULL},
    {"unbind", unbind, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
