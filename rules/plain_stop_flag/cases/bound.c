// The bound of a loop: shared and unlocked (FT301), but nobody waits for it.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long n;
} Row;

static PyObject *sum(PyObject *op, PyObject *unused)
{
    Row *self = (Row *)op;
    long out = 0;
    for (long i = 0; i < self->n; i++) out += i;
    return PyLong_FromLong(out);
}

static PyObject *resize(PyObject *op, PyObject *n)
{
    ((Row *)op)->n = PyLong_AsLong(n);
    Py_RETURN_NONE;
}

static PyMethodDef row_methods[] = {
    {"sum", sum, METH_NOARGS, NULL},
    {"resize", resize, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot row_slots[] = {{Py_tp_methods, row_methods}, {0, NULL}};
static PyType_Spec row_spec = {"m.Row", sizeof(Row), 0, Py_TPFLAGS_DEFAULT, row_slots};

static int m_exec(PyObject *module) { return PyModule_Add(module, "Row", PyType_FromSpec(&row_spec)); }

static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
