// An atomic exchange gives the reference to one thread only.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *source; Py_ssize_t left; } It;

static PyObject *it_next(It *self)
{
    if (__atomic_fetch_sub(&self->left, 1, __ATOMIC_RELAXED) > 0) Py_RETURN_NONE;
    PyObject *source = __atomic_exchange_n(&self->source, NULL, __ATOMIC_ACQ_REL);
    Py_XDECREF(source);
    return NULL;
}

static PyTypeObject It_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "it.It",
    .tp_basicsize = sizeof(It),
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)it_next,
    .tp_new = PyType_GenericNew,
};

static int it_exec(PyObject *module) { return PyModule_AddType(module, &It_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)it_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "it", .m_slots = slots};
PyMODINIT_FUNC PyInit_it(void) { return PyModuleDef_Init(&definition); }
