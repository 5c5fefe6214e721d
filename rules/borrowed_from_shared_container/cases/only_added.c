// A dict that is only ever added to drops nothing: what is borrowed from it lives as long as its owner.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *types;
    PyObject *notes;
} Cache;

static PyObject *cache_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Cache *self = (Cache *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->types = PyDict_New();
    self->notes = PyDict_New();
    return (PyObject *)self;
}

static PyObject *cache_type(Cache *self, PyObject *name)
{
    PyObject *found = PyDict_GetItemWithError(self->types, name);
    if (found == NULL) found = PyDict_SetDefault(self->types, name, (PyObject *)Py_TYPE(name));
    return found ? PyObject_Str(found) : NULL;
}

static PyObject *cache_note(Cache *self, PyObject *name)
{
    PyObject *found = PyDict_GetItemWithError(self->notes, name);  // expect: FT101
    if (found == NULL && PyDict_SetItem(self->notes, name, Py_None) < 0) return NULL;
    return found ? PyObject_Str(found) : NULL;
}

static PyMethodDef cache_methods[] = {
    {"type", (PyCFunction)cache_type, METH_O, NULL},
    {"note", (PyCFunction)cache_note, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject Cache_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Cache",
    .tp_basicsize = sizeof(Cache),
    .tp_new = cache_new,
    .tp_methods = cache_methods,
};
