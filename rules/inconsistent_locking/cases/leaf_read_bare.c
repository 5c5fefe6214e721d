// Leaves are changed under the section of the object that they hang off, and read without it.
#include <Python.h>

typedef struct Leaf { struct Leaf *below; long weight; } Leaf;
typedef struct { PyObject_HEAD Leaf *top; } T;

static Leaf *lowest(Leaf *leaf)
{
    while (leaf->below != NULL) leaf = leaf->below;
    return leaf;
}
static PyObject *t_load(T *self, PyObject *unused)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    if (self->top != NULL) lowest(self->top)->weight += 1;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
static PyObject *t_weight(T *self, PyObject *unused)
{
    long weight = 0;
    if (self->top != NULL) weight = lowest(self->top)->weight;  // expect: FT303
    return PyLong_FromLong(weight);
}

static PyMethodDef methods[] = {{"load", (PyCFunction)t_load, METH_NOARGS, NULL}, {"weight", (PyCFunction)t_weight, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "t.T", .tp_basicsize = sizeof(T), .tp_methods = methods};
