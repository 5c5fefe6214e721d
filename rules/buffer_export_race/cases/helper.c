// Counted in a helper that both slots call.
#include <Python.h>

typedef struct { PyObject_HEAD char bytes[16]; struct { int readers; } use; } A;

static void count(A *a, int by) { a->use.readers += by; }  // expect: FT310

static int a_get(PyObject *op, Py_buffer *view, int flags)
{
    A *self = (A *)op;
    count(self, 1);
    return PyBuffer_FillInfo(view, op, self->bytes, 16, 0, flags);
}
static void a_release(PyObject *op, Py_buffer *view) { count((A *)op, -1); }

static PyBufferProcs a_buffer = {(getbufferproc)a_get, (releasebufferproc)a_release};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_as_buffer = &a_buffer,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
