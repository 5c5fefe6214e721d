// A flag tells whether the value is there.
#include <Python.h>

typedef struct { PyObject_HEAD double sum; int known; } A;

static double add_up(A *self) { return (double)(Py_ssize_t)self; }

static PyObject *a_sum(A *self, PyObject *unused)
{
    if (!self->known) {
        self->sum = add_up(self);
        self->known = 1;  // expect: FT307
    }
    return PyFloat_FromDouble(self->sum);
}

static PyMethodDef a_methods[] = {
    {"sum", (PyCFunction)a_sum, METH_NOARGS, NULL},
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
