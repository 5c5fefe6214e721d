// A helper that counts on the caller's lock has one caller without it.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex mu; long sum; } A;

static void bump(A *a) { a->sum++; }  // expect: FT303

static PyObject *a_one(A *self, PyObject *unused)
{
    PyMutex_Lock(&self->mu);
    bump(self);
    PyMutex_Unlock(&self->mu);
    Py_RETURN_NONE;
}

static PyObject *a_sum(A *self, PyObject *unused)
{
    PyMutex_Lock(&self->mu);
    long sum = self->sum;
    PyMutex_Unlock(&self->mu);
    return PyLong_FromLong(sum);
}

static PyObject *a_zero(A *self, PyObject *unused)
{
    PyMutex_Lock(&self->mu);
    self->sum = 0;
    PyMutex_Unlock(&self->mu);
    Py_RETURN_NONE;
}

static PyObject *a_quick(A *self, PyObject *unused) { bump(self); Py_RETURN_NONE; }

static PyMethodDef a_methods[] = {
    {"one", (PyCFunction)a_one, METH_NOARGS, NULL},
    {"sum", (PyCFunction)a_sum, METH_NOARGS, NULL},
    {"zero", (PyCFunction)a_zero, METH_NOARGS, NULL},
    {"quick", (PyCFunction)a_quick, METH_NOARGS, NULL},
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
