// A field of an object: own mutex, and a critical section on it.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    double *cells;
    long *marks;
    PyMutex mutex;
} Grid;

static PyObject *cell(PyObject *op, PyObject *unused)
{
    Grid *self = (Grid *)op;
    if (self->cells == NULL) {  // expect: FT204
        PyMutex_Lock(&self->mutex);
        if (self->cells == NULL) self->cells = PyMem_RawCalloc(16, sizeof(double));
        PyMutex_Unlock(&self->mutex);
    }
    Py_RETURN_NONE;
}

static PyObject *mark(PyObject *op, PyObject *unused)
{
    Grid *self = (Grid *)op;
    if (self->marks == NULL) {  // expect: FT204
        Py_BEGIN_CRITICAL_SECTION(op);
        if (self->marks == NULL) self->marks = PyMem_RawCalloc(16, sizeof(long));
        Py_END_CRITICAL_SECTION();
    }
    Py_RETURN_NONE;
}

static PyMethodDef grid_methods[] = {
    {"cell", cell, METH_NOARGS, NULL},
    {"mark", mark, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot grid_slots[] = {{Py_tp_methods, grid_methods}, {0, NULL}};
static PyType_Spec grid_spec = {"m.Grid", sizeof(Grid), 0, Py_TPFLAGS_DEFAULT, grid_slots};

static int m_exec(PyObject *module) { return PyModule_Add(module, "Grid", PyType_FromSpec(&grid_spec)); }

static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
