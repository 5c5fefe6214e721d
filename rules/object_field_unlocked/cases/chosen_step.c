// Functions that are called through a field only, always under the section.
#include <Python.h>

typedef struct T { PyObject_HEAD long n; int (*step)(struct T *); } T;

static int up(T *self) { return (int)++self->n; }
static int down(T *self) { return (int)--self->n; }
static PyObject *t_step(T *self, PyObject *unused)
{
    int n;
    Py_BEGIN_CRITICAL_SECTION(self);
    n = self->step(self);
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(n);
}
static PyObject *t_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    T *self = (T *)type->tp_alloc(type, 0);
    int (*chosen)(T *) = PyTuple_GET_SIZE(args) > 0 ? down : up;
    if (self != NULL) self->step = chosen;
    return (PyObject *)self;
}

static PyMethodDef methods[] = {{"step", (PyCFunction)t_step, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "t.T", .tp_basicsize = sizeof(T), .tp_methods = methods, .tp_new = t_new};
