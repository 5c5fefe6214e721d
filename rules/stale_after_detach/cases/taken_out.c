// close() takes the pointer out before it lets go; nobody else replaces the field.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    void *handle;
} Codec;

extern void lib_free(void *handle);

static PyObject *close_it(PyObject *op, PyObject *unused)
{
    Codec *self = (Codec *)op;
    void *handle = self->handle;
    self->handle = NULL;
    Py_BEGIN_ALLOW_THREADS
    lib_free(handle);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"close", close_it, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
