// The atomic side goes through a pointer to the field.
#include <Python.h>

typedef struct { PyObject_HEAD long refs; } A;

static PyObject *a_take(A *self, PyObject *unused)
{
    long *refs = &self->refs;
    return PyLong_FromLong(__atomic_add_fetch(refs, 1, __ATOMIC_ACQ_REL));
}

static PyObject *a_refs(A *self, PyObject *unused)
{
    return PyLong_FromLong(self->refs);  // expect: FT304
}

static PyMethodDef a_methods[] = {
    {"take", (PyCFunction)a_take, METH_NOARGS, NULL},
    {"refs", (PyCFunction)a_refs, METH_NOARGS, NULL},
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
