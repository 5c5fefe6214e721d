// Every caller of the helper holds the lock, under whatever name it has the object there.
#include <Python.h>

typedef struct { PyObject_HEAD Py_ssize_t used; } A;

static void advance(A *a, Py_ssize_t by) { a->used += by; }

static PyObject *a_fast(PyObject *op, PyObject *unused)
{
    A *self = (A *)op;
    Py_BEGIN_CRITICAL_SECTION(op);
    advance(self, 1);
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *a_slow(A *self, PyObject *unused)
{
    Py_ssize_t n;
    Py_BEGIN_CRITICAL_SECTION(self);
    advance(self, 2);
    n = self->used;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(n);
}

static PyMethodDef a_methods[] = {
    {"fast", (PyCFunction)a_fast, METH_NOARGS, NULL},
    {"slow", (PyCFunction)a_slow, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
