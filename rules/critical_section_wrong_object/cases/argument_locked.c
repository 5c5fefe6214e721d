// The method locks its argument, a dict, and writes a field of its own object.
#include <Python.h>

typedef struct { PyObject_HEAD long n; } A;

static PyObject *a_get(A *self, PyObject *unused)
{
    long n;
    Py_BEGIN_CRITICAL_SECTION(self);
    n = self->n;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(n);
}

static PyObject *a_bump(A *self, PyObject *unused)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    self->n++;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *a_load(PyObject *op, PyObject *dict)
{
    A *self = (A *)op;
    Py_BEGIN_CRITICAL_SECTION(dict);
    self->n = PyDict_GET_SIZE(dict);  // expect: FT403
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyMethodDef a_methods[] = {
    {"get", (PyCFunction)a_get, METH_NOARGS, NULL},
    {"bump", (PyCFunction)a_bump, METH_NOARGS, NULL},
    {"load", (PyCFunction)a_load, METH_O, NULL},
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
