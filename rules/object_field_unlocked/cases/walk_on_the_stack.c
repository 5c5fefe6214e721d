// The walk is on the stack, but it leads to the object.
#include <Python.h>

typedef struct { PyObject_HEAD long seen; } T;
typedef struct { T *owner; int level; } Walk;

static void visit(Walk *walk)
{
    walk->level++;
    walk->owner->seen++;  // expect: FT301
}
static PyObject *t_walk(T *self, PyObject *unused)
{
    Walk walk = {self, 0};
    visit(&walk);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"walk", (PyCFunction)t_walk, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "t.T", .tp_basicsize = sizeof(T), .tp_methods = methods};
