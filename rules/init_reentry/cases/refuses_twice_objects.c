// A mark that __init__ sets sends a second call away before it gets to the references.
#include <Python.h>

typedef struct { PyObject_HEAD char filled; PyObject *names; } A;

static int a_init(A *self, PyObject *args, PyObject *kwargs)
{
    if (self->filled) {
        PyErr_SetString(PyExc_ValueError, "cannot call A.__init__() more than once");
        return -1;
    }
    self->filled = 1;
    self->names = Py_NewRef(args);
    return 0;
}

static PyObject *a_names(A *self, PyObject *unused) { return PySequence_List(self->names); }

static PyMethodDef a_methods[] = {
    {"names", (PyCFunction)a_names, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_init = (initproc)a_init,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
