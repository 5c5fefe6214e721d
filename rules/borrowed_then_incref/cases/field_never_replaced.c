// A field set by tp_new and released by tp_dealloc, or replaced under the lock its readers hold.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex mu; PyObject *owner, *last; } A;

static PyObject *a_get_owner(A *self, void *closure) { return Py_NewRef(self->owner); }
static PyObject *a_get_last(A *self, void *closure)
{
    PyMutex_Lock(&self->mu);
    PyObject *last = Py_XNewRef(self->last);
    PyMutex_Unlock(&self->mu);
    return last;
}

static PyObject *a_note(A *self, PyObject *event)
{
    PyMutex_Lock(&self->mu);
    PyObject *old = self->last;
    self->last = Py_NewRef(event);
    PyMutex_Unlock(&self->mu);
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyObject *a_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    A *self = (A *)type->tp_alloc(type, 0);
    if (self != NULL) self->owner = Py_NewRef(args);
    return (PyObject *)self;
}
static void a_dealloc(A *self)
{
    Py_CLEAR(self->owner);
    Py_CLEAR(self->last);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef a_methods[] = {
    {"note", (PyCFunction)a_note, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef a_getset[] = {
    {"owner", (getter)a_get_owner, NULL, NULL, NULL},
    {"last", (getter)a_get_last, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_getset = a_getset,
    .tp_new = (newfunc)a_new,
    .tp_dealloc = (destructor)a_dealloc,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
