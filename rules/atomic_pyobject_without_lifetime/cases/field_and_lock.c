// A field, through builtins: locked on both sides, on the writer's only, and given up in dealloc only.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *a, *b, *c;
    PyMutex lock;
} Box;

static PyObject *get_a(Box *self, PyObject *unused)
{
    PyMutex_Lock(&self->lock);
    PyObject *a = Py_XNewRef(__atomic_load_n(&self->a, __ATOMIC_ACQUIRE));
    PyMutex_Unlock(&self->lock);
    return a;
}

static PyObject *get_b(Box *self, PyObject *unused)
{
    PyObject *b = __atomic_load_n(&self->b, __ATOMIC_ACQUIRE);  // expect: FT705
    Py_XINCREF(b);
    return b;
}

static PyObject *get_c(Box *self, PyObject *unused)
{
    PyObject *c = __atomic_load_n(&self->c, __ATOMIC_ACQUIRE);
    Py_XINCREF(c);
    return c;
}

static PyObject *set(Box *self, PyObject *value)
{
    PyMutex_Lock(&self->lock);
    PyObject *a = __atomic_exchange_n(&self->a, Py_NewRef(value), __ATOMIC_ACQ_REL);
    PyObject *b = __atomic_exchange_n(&self->b, Py_NewRef(value), __ATOMIC_ACQ_REL);
    Py_XDECREF(a);
    Py_XDECREF(b);
    PyMutex_Unlock(&self->lock);
    Py_RETURN_NONE;
}

static void drop(Box *self)
{
    PyObject *c = __atomic_exchange_n(&self->c, NULL, __ATOMIC_ACQ_REL);
    Py_XDECREF(c);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef box_methods[] = {
    {"a", (PyCFunction)get_a, METH_NOARGS, NULL},
    {"b", (PyCFunction)get_b, METH_NOARGS, NULL},
    {"c", (PyCFunction)get_c, METH_NOARGS, NULL},
    {"set", (PyCFunction)set, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Box_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Box",
    .tp_basicsize = sizeof(Box),
    .tp_dealloc = (destructor)drop,
    .tp_methods = box_methods,
};

static int set_up(PyObject *module) { return PyModule_AddType(module, &Box_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)set_up}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
