// The section on the innermost record of an object is the section on the object.
#include <Python.h>

typedef struct { PyObject_HEAD long made; } Thing;
typedef struct { Thing thing; long moved; } Piece;
typedef struct { Piece piece; long taken; } King;

static PyObject *king_move(King *self, PyObject *unused)
{
    Thing *thing = &self->piece.thing;
    Py_BEGIN_CRITICAL_SECTION(thing);
    thing->made++;
    ((Piece *)self)->moved++;
    self->taken++;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
static PyObject *king_all(King *self, PyObject *unused)
{
    long all;
    Py_BEGIN_CRITICAL_SECTION(self);
    all = self->piece.thing.made + self->piece.moved + self->taken;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(all);
}
static PyObject *king_made(King *self, PyObject *unused)
{
    return PyLong_FromLong(self->piece.thing.made);  // expect: FT303
}

static PyMethodDef methods[] = {
    {"move", (PyCFunction)king_move, METH_NOARGS, NULL},
    {"all", (PyCFunction)king_all, METH_NOARGS, NULL},
    {"made", (PyCFunction)king_made, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject King_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.King", .tp_basicsize = sizeof(King), .tp_methods = methods};
