// A pointer is read under the lock, and what it leads to is used when the lock was given back, while another method
// frees it under the same lock. Who uses it under the lock, copies it there, or takes it out of the object does no harm.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyMutex gate;
    char *text;
    Py_ssize_t size;
} Sign;

static PyObject *sign_paint(Sign *self, PyObject *value)
{
    char *bytes;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(value, &bytes, &size) < 0) return NULL;
    char *text = PyMem_Malloc(size + 1);
    if (text == NULL) return PyErr_NoMemory();
    memcpy(text, bytes, size + 1);
    PyMutex_Lock(&self->gate);
    char *old = self->text;
    self->text = text;
    self->size = size;
    PyMutex_Unlock(&self->gate);
    PyMem_Free(old);
    Py_RETURN_NONE;
}

static PyObject *sign_read(Sign *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    char *text = self->text;  // expect: FT303
    Py_ssize_t size = self->size;
    PyMutex_Unlock(&self->gate);
    return PyBytes_FromStringAndSize(text, size);
}

static PyObject *sign_copy(Sign *self, PyObject *unused)
{
    char copy[64];
    PyMutex_Lock(&self->gate);
    Py_ssize_t size = self->size < 64 ? self->size : 64;
    memcpy(copy, self->text, size);
    PyMutex_Unlock(&self->gate);
    return PyBytes_FromStringAndSize(copy, size);
}

static PyObject *sign_take(Sign *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    char *text = self->text;
    Py_ssize_t size = self->size;
    self->text = NULL;
    self->size = 0;
    PyMutex_Unlock(&self->gate);
    PyObject *out = PyBytes_FromStringAndSize(text, size);
    PyMem_Free(text);
    return out;
}

static PyMethodDef sign_methods[] = {
    {"paint", (PyCFunction)sign_paint, METH_O, NULL},
    {"read", (PyCFunction)sign_read, METH_NOARGS, NULL},
    {"copy", (PyCFunction)sign_copy, METH_NOARGS, NULL},
    {"take", (PyCFunction)sign_take, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Sign_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "shops.Sign",
    .tp_basicsize = sizeof(Sign),
    .tp_methods = sign_methods,
    .tp_new = PyType_GenericNew,
};
static int shops_exec(PyObject *module) { return PyModule_AddType(module, &Sign_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)shops_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "shops", .m_slots = slots};
PyMODINIT_FUNC PyInit_shops(void) { return PyModuleDef_Init(&definition); }
