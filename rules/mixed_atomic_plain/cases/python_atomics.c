// CPython's own atomics count as what they are.
#include <Python.h>

typedef struct { PyObject_HEAD Py_ssize_t level, peak; } A;

static PyObject *a_rise(A *self, PyObject *unused)
{
    _Py_atomic_add_ssize(&self->level, 1);
    _Py_atomic_store_ssize_relaxed(&self->peak, 1);
    Py_RETURN_NONE;
}

static PyObject *a_level(A *self, PyObject *unused)
{
    if (self->level > 9) Py_RETURN_NONE;  // expect: FT304
    return PyLong_FromSsize_t(_Py_atomic_load_ssize_relaxed(&self->peak));
}

static PyMethodDef a_methods[] = {
    {"rise", (PyCFunction)a_rise, METH_NOARGS, NULL},
    {"level", (PyCFunction)a_level, METH_NOARGS, NULL},
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
