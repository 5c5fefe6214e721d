// A dict that is filled before it is stored and never changed again cannot drop an item; one that Python can reach can.
#include <Python.h>
#include <stddef.h>

typedef struct {
    PyObject_HEAD
    PyObject *layout;   // filled in new_shape, then only read
    PyObject *notes;    // a member that Python may replace and change
} Shape;

static PyObject *shape_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Shape *self;
    PyObject *layout = PyDict_New(), *notes = PyDict_New();
    if (layout == NULL || notes == NULL || PyDict_SetItemString(layout, "sides", Py_None) < 0) return NULL;
    self = (Shape *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->layout = layout;
    self->notes = notes;
    return (PyObject *)self;
}

static PyObject *shape_sides(Shape *self, PyObject *unused)
{
    PyObject *sides = PyDict_GetItemString(self->layout, "sides");
    return sides ? PyObject_Str(sides) : NULL;
}

static PyObject *shape_note(Shape *self, PyObject *key)
{
    PyObject *note = PyDict_GetItemWithError(self->notes, key);  // expect: FT101
    return note ? PyObject_Str(note) : NULL;
}

static PyMemberDef shape_members[] = {
    {"notes", Py_T_OBJECT_EX, offsetof(Shape, notes), 0, NULL},
    {NULL},
};
static PyMethodDef shape_methods[] = {
    {"sides", (PyCFunction)shape_sides, METH_NOARGS, NULL},
    {"note", (PyCFunction)shape_note, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject Shape_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Shape",
    .tp_basicsize = sizeof(Shape),
    .tp_new = shape_new,
    .tp_methods = shape_methods,
    .tp_members = shape_members,
};
