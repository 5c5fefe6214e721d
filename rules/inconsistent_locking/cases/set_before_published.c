// Written without the lock only while nobody else has the object.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex mu; long sum; } A;

static void start(A *a, long from) { a->sum = from; }

static PyObject *a_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    A *self = (A *)type->tp_alloc(type, 0);
    if (self != NULL) start(self, 7);
    return (PyObject *)self;
}

static PyObject *a_add(A *self, PyObject *unused)
{
    PyMutex_Lock(&self->mu);
    long sum = ++self->sum;
    PyMutex_Unlock(&self->mu);
    return PyLong_FromLong(sum);
}

static PyObject *a_sum(A *self, PyObject *unused)
{
    PyMutex_Lock(&self->mu);
    long sum = self->sum;
    PyMutex_Unlock(&self->mu);
    return PyLong_FromLong(sum);
}

static PyMethodDef a_methods[] = {
    {"add", (PyCFunction)a_add, METH_NOARGS, NULL},
    {"sum", (PyCFunction)a_sum, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_new = (newfunc)a_new,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
