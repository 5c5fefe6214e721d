// __init__ may be called again, and the attribute is a writable member: who assigns it puts the caller in danger,
// whatever is said of the first.
#include <Python.h>
#include <stddef.h>

typedef struct { PyObject_HEAD PyObject *factory; } T;

static int t_init(T *self, PyObject *args, PyObject *keywords)
{
    PyObject *factory;
    if (!PyArg_ParseTuple(args, "O", &factory)) return -1;
    Py_XSETREF(self->factory, Py_NewRef(factory));
    return 0;
}
static PyObject *t_make(T *self, PyObject *object)
{
    PyObject *factory = self->factory;  // expect: FT103
    return PyObject_CallOneArg(factory, object);
}
static PyObject *t_made(T *self, PyObject *object)
{
    PyObject *factory = PyObject_GetAttrString((PyObject *)self, "factory");
    if (factory == NULL) return NULL;
    PyObject *made = PyObject_CallOneArg(factory, object);
    Py_DECREF(factory);
    return made;
}

static PyMethodDef methods[] = {
    {"make", (PyCFunction)t_make, METH_O, NULL},
    {"made", (PyCFunction)t_made, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyMemberDef members[] = {{"factory", Py_T_OBJECT_EX, offsetof(T, factory), 0, NULL}, {NULL, 0, 0, 0, NULL}};
PyTypeObject T_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.T",
    .tp_basicsize = sizeof(T),
    .tp_methods = methods,
    .tp_members = members,
    .tp_init = (initproc)t_init,
    .tp_new = PyType_GenericNew,
};
