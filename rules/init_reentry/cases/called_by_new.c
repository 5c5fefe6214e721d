// tp_new calls the same helper: then nobody else has the object.
#include <Python.h>

typedef struct { PyObject_HEAD long limit; } A;

static int set_up(A *a, PyObject *args) { return PyArg_ParseTuple(args, "l", &a->limit) ? 0 : -1; }

static PyObject *a_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    A *self = (A *)type->tp_alloc(type, 0);
    if (self != NULL && set_up(self, args) < 0) Py_CLEAR(self);
    return (PyObject *)self;
}

static PyObject *a_limit(A *self, PyObject *unused) { return PyLong_FromLong(self->limit); }

static PyMethodDef a_methods[] = {
    {"limit", (PyCFunction)a_limit, METH_NOARGS, NULL},
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
