// The step is in a helper of tp_iternext that gets the iterator under another type's name.
#include <Python.h>

typedef struct { PyObject_HEAD unsigned step; } It;

static void advance(PyObject *op)
{
    It *it = (It *)op;
    it->step++;  // expect: FT305
}

static PyObject *it_next(PyObject *self)
{
    advance(self);
    return PyLong_FromUnsignedLong(((It *)self)->step);
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
