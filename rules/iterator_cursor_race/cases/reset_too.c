// A position that other methods set is a field like others: FT301 tells of it.
#include <Python.h>

typedef struct { PyObject_HEAD Py_ssize_t at; } It;

static PyObject *it_next(It *self) { return PyLong_FromSsize_t(self->at++); }
static PyObject *it_reset(It *self, PyObject *unused) { self->at = 0; Py_RETURN_NONE; }

static PyMethodDef it_methods[] = {
    {"reset", (PyCFunction)it_reset, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject It_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "it.It",
    .tp_basicsize = sizeof(It),
    .tp_methods = it_methods,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)it_next,
    .tp_new = PyType_GenericNew,
};

static int it_exec(PyObject *module) { return PyModule_AddType(module, &It_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)it_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "it", .m_slots = slots};
PyMODINIT_FUNC PyInit_it(void) { return PyModuleDef_Init(&definition); }
