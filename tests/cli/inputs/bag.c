#include <Python.h>

typedef struct {
    PyObject_HEAD
    long *items;
    Py_ssize_t count, room;
} Bag;

static PyObject *push(Bag *self, PyObject *arg)
{
    if (self->count < self->room) self->items[self->count++] = PyLong_AsLong(arg);
    Py_RETURN_NONE;
}
static PyObject *pop(Bag *self, PyObject *unused)
{
    return PyLong_FromLong(self->count > 0 ? self->items[--self->count] : 0);
}
static PyObject *size(Bag *self, PyObject *unused)
{
    return PyLong_FromSsize_t(self->count);
}

static PyMethodDef methods[] = {
    {"push", (PyCFunction)push, METH_O, NULL},
    {"pop", (PyCFunction)pop, METH_NOARGS, NULL},
    {"size", (PyCFunction)size, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Bag_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "bag.Bag",
    .tp_basicsize = sizeof(Bag),
    .tp_methods = methods,
    .tp_new = PyType_GenericNew,
};
static int bag_exec(PyObject *module) { return PyModule_AddType(module, &Bag_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)bag_exec}, {Py_mod_gil, Py_MOD_GIL_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "bag", .m_slots = slots};
PyMODINIT_FUNC PyInit_bag(void) { return PyModuleDef_Init(&definition); }
