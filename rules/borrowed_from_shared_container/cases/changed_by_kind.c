// The same, but the dict is changed later.
#include <Python.h>
#include <stddef.h>

typedef struct Shape {
    PyObject_HEAD
    int kind;          // 0: has fields, 1: points at another shape, 2: takes arguments
    PyObject *stuff;   // a dict, a Shape or a tuple
} Shape;

static PyTypeObject Shape_Type;

static Shape *shape_make(int kind, PyObject *stuff)
{
    Shape *self = PyObject_New(Shape, &Shape_Type);
    if (self == NULL) return NULL;
    self->kind = kind;
    self->stuff = stuff;
    return self;
}

static PyObject *fields(PyObject *module, PyObject *name)
{
    PyObject *dict = PyDict_New();
    if (dict == NULL || PyDict_SetItem(dict, name, Py_None) < 0) return NULL;
    return (PyObject *)shape_make(0, dict);
}

static PyObject *pointer_to(Shape *self, PyObject *unused)
{
    return (PyObject *)shape_make(1, Py_NewRef(self));
}

static PyObject *target(Shape *self, PyObject *unused)
{
    Shape *item = (Shape *)self->stuff;
    return self->kind == 1 ? Py_NewRef(item) : NULL;
}

static PyObject *arguments(Shape *self, PyObject *unused)
{
    return self->kind == 2 ? PyTuple_GetSlice(self->stuff, 0, 1) : NULL;
}

static PyObject *field(Shape *self, PyObject *name)
{
    PyObject *found = self->kind == 0 ? PyDict_GetItemWithError(self->stuff, name) : NULL;  // expect: FT101
    return found ? PyObject_Str(found) : NULL;
}

static PyObject *forget(Shape *self, PyObject *name)
{
    return self->kind == 0 && PyDict_DelItem(self->stuff, name) == 0 ? Py_NewRef(Py_None) : NULL;
}

static PyMethodDef shape_methods[] = {
    {"pointer_to", (PyCFunction)pointer_to, METH_NOARGS, NULL},
    {"target", (PyCFunction)target, METH_NOARGS, NULL},
    {"arguments", (PyCFunction)arguments, METH_NOARGS, NULL},
    {"field", (PyCFunction)field, METH_O, NULL},
    {"forget", (PyCFunction)forget, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Shape_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Shape",
    .tp_basicsize = sizeof(Shape),
    .tp_methods = shape_methods,
};

static int set_up(PyObject *module) { return PyModule_AddType(module, &Shape_Type); }

static PyMethodDef methods[] = {
    {"fields", fields, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)set_up}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
