// __init__ may be called again, and a setter replaces the factory whenever it likes: the second puts who calls it in
// danger, whatever is said of the first.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *factory; long made; } T;

static int t_init(T *self, PyObject *args, PyObject *keywords)
{
    PyObject *factory;
    if (!PyArg_ParseTuple(args, "O", &factory)) return -1;
    Py_XSETREF(self->factory, Py_NewRef(factory));
    return 0;
}
static int t_set(T *self, PyObject *factory, void *closure)
{
    PyObject *old;
    Py_BEGIN_CRITICAL_SECTION(self);
    old = self->factory;
    self->factory = Py_XNewRef(factory);
    Py_END_CRITICAL_SECTION();
    Py_XDECREF(old);
    return 0;
}
static PyObject *t_make(T *self, PyObject *object)
{
    PyObject *factory = self->factory;  // expect: FT103
    return PyObject_CallOneArg(factory, object);
}

static PyMethodDef methods[] = {{"make", (PyCFunction)t_make, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyGetSetDef getset[] = {{"factory", NULL, (setter)t_set, NULL, NULL}, {NULL, NULL, NULL, NULL, NULL}};
PyTypeObject T_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.T",
    .tp_basicsize = sizeof(T),
    .tp_methods = methods,
    .tp_getset = getset,
    .tp_init = (initproc)t_init,
    .tp_new = PyType_GenericNew,
};
