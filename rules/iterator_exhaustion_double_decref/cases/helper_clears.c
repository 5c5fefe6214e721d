// The reference is dropped by a helper of tp_iternext.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *source; } It;

static PyObject *finished(It *it)
{
    PyObject *source = it->source;
    it->source = NULL;  // expect: FT306
    Py_XDECREF(source);
    return NULL;
}

static PyObject *it_next(It *self)
{
    if (self->source == NULL) return NULL;
    PyObject *item = PyIter_Next(self->source);
    return item != NULL ? item : finished(self);
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
