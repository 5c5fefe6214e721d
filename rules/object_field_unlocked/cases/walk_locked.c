// The walk leads to the object, whose section is held.
#include <Python.h>

typedef struct { PyObject_HEAD long seen; } T;
typedef struct { T *owner; int level; } Walk;

static void visit(Walk *walk)
{
    walk->level++;
    walk->owner->seen++;
}
static PyObject *t_walk(T *self, PyObject *unused)
{
    Walk walk = {self, 0};
    Py_BEGIN_CRITICAL_SECTION(self);
    visit(&walk);
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"walk", (PyCFunction)t_walk, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "t.T", .tp_basicsize = sizeof(T), .tp_methods = methods};
