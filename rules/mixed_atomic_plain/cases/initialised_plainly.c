// Set plainly where the module is made and where the object dies, atomically in between.
#include <Python.h>

typedef struct { PyObject_HEAD int open; } A;
static long made;

static PyObject *a_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    A *self = (A *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->open = 1;
    __atomic_add_fetch(&made, 1, __ATOMIC_RELAXED);
    return (PyObject *)self;
}
static void a_dealloc(A *self)
{
    if (self->open) __atomic_sub_fetch(&made, 1, __ATOMIC_RELAXED);
    Py_TYPE(self)->tp_free((PyObject *)self);
}
static PyObject *a_shut(A *self, PyObject *unused)
{
    return PyBool_FromLong(__atomic_exchange_n(&self->open, 0, __ATOMIC_ACQ_REL));
}

static PyMethodDef a_methods[] = {{"shut", (PyCFunction)a_shut, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_new = a_new,
    .tp_dealloc = (destructor)a_dealloc,
};

static int m_exec(PyObject *module)
{
    made = 0;
    return PyModule_AddType(module, &A_Type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
