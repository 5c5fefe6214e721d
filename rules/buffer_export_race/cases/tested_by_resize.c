// The resizing method locks and tests the count; the exports do not lock.
#include <Python.h>

typedef struct { PyObject_HEAD char *bytes; Py_ssize_t size; int exports; } A;

static int a_get(A *self, Py_buffer *view, int flags)
{
    int rc = PyBuffer_FillInfo(view, (PyObject *)self, self->bytes, self->size, 0, flags);
    if (rc == 0) self->exports++;  // expect: FT310 (high)
    return rc;
}
static void a_release(A *self, Py_buffer *view) { self->exports--; }

static PyObject *a_drop(A *self, PyObject *unused)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    if (self->exports == 0) self->size = 0;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyMethodDef a_methods[] = {
    {"drop", (PyCFunction)a_drop, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyBufferProcs a_buffer = {(getbufferproc)a_get, (releasebufferproc)a_release};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_as_buffer = &a_buffer,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
