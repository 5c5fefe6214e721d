// Every access holds the global lock: the object's own is not needed.
#include <Python.h>

typedef struct { PyObject_HEAD long n; } A;

static PyMutex everything;

static PyObject *a_bump(A *self, PyObject *unused)
{
    PyMutex_Lock(&everything);
    self->n++;
    PyMutex_Unlock(&everything);
    Py_RETURN_NONE;
}

static PyObject *a_get(A *self, PyObject *unused)
{
    PyMutex_Lock(&everything);
    long n = self->n;
    PyMutex_Unlock(&everything);
    return PyLong_FromLong(n);
}

static PyMethodDef a_methods[] = {
    {"bump", (PyCFunction)a_bump, METH_NOARGS, NULL},
    {"get", (PyCFunction)a_get, METH_NOARGS, NULL},
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
