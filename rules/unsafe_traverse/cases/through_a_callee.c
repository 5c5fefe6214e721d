// The count changes two calls down; the section is on the object itself.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *value;
} Cell;

static PyObject *current(Cell *self)
{
    PyObject *value;
    Py_BEGIN_CRITICAL_SECTION(self);  // expect: FT410
    value = Py_XNewRef(self->value);  // expect: FT410
    Py_END_CRITICAL_SECTION();
    return value;
}

static int Cell_traverse(Cell *self, visitproc visit, void *arg)
{
    PyObject *value = current(self);
    Py_VISIT(value);
    Py_XDECREF(value);  // expect: FT410
    return 0;
}

static PyObject *Cell_get(Cell *self, PyObject *unused) { return current(self); }

static PyMethodDef Cell_methods[] = {
    {"get", (PyCFunction)Cell_get, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Cell_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "cells.Cell",
    .tp_basicsize = sizeof(Cell),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_traverse = (traverseproc)Cell_traverse,
    .tp_methods = Cell_methods,
};
static int cells_exec(PyObject *module) { return PyModule_AddType(module, &Cell_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)cells_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "cells", .m_slots = slots};
PyMODINIT_FUNC PyInit_cells(void) { return PyModuleDef_Init(&definition); }
