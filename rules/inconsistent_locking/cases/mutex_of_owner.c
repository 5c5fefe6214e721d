// The lock lies in the object around the struct, one level up from what it guards.
#include <Python.h>

struct counts { long reads, writes; };
typedef struct { PyObject_HEAD PyMutex mu; struct counts *counts; } A;

static PyObject *a_read(A *self, PyObject *unused)
{
    PyMutex_Lock(&self->mu);
    self->counts->reads++;
    PyMutex_Unlock(&self->mu);
    Py_RETURN_NONE;
}

static PyObject *a_reads(A *self, PyObject *unused)
{
    PyMutex_Lock(&self->mu);
    struct counts *counts = self->counts;
    long n = counts->reads;
    PyMutex_Unlock(&self->mu);
    return PyLong_FromLong(n);
}

static PyObject *a_zero(A *self, PyObject *unused)
{
    self->counts->reads = 0;  // expect: FT303
    Py_RETURN_NONE;
}

static PyMethodDef a_methods[] = {
    {"read", (PyCFunction)a_read, METH_NOARGS, NULL},
    {"reads", (PyCFunction)a_reads, METH_NOARGS, NULL},
    {"zero", (PyCFunction)a_zero, METH_NOARGS, NULL},
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
