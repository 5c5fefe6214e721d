// The field is swapped through a pointer to it, in a helper or in place.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *first, *second; } A;

static PyObject *a_reset(A *self, PyObject *value)
{
    PyObject **slot = &self->first;
    PyObject *old = *slot;
    *slot = Py_NewRef(value);  // expect: FT302
    Py_XDECREF(old);
    return Py_XNewRef(self->first);
}

static void put(PyObject **slot, PyObject *value)
{
    PyObject *old = *slot;
    *slot = Py_NewRef(value);  // expect: FT302
    Py_XDECREF(old);
}

static PyObject *a_put(A *self, PyObject *value)
{
    put(&self->second, value);
    return Py_XNewRef(self->second);
}

static PyMethodDef a_methods[] = {
    {"reset", (PyCFunction)a_reset, METH_O, NULL},
    {"put", (PyCFunction)a_put, METH_O, NULL},
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
