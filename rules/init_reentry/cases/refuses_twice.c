// A flag, exchanged atomically, lets only the first call through.
#include <Python.h>

typedef struct { PyObject_HEAD int started; char *bytes; } A;

static int a_init(A *self, PyObject *args, PyObject *kwargs)
{
    if (__atomic_exchange_n(&self->started, 1, __ATOMIC_ACQ_REL)) {
        PyErr_SetString(PyExc_RuntimeError, "already initialised");
        return -1;
    }
    self->bytes = PyMem_Calloc(8, 1);  // false-alarm: FT309
    return self->bytes ? 0 : -1;
}

static PyObject *a_first(A *self, PyObject *unused) { return PyLong_FromLong(self->bytes ? self->bytes[0] : 0); }

static PyMethodDef a_methods[] = {
    {"first", (PyCFunction)a_first, METH_NOARGS, NULL},
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
