// What __init__ releases was in a global, which another call gives something else: it may be the last reference.
#include <Python.h>

static PyObject *empty;

typedef struct {
    PyObject_HEAD
    PyObject *elements;
} Context;

static PyObject *context_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Context *self = (Context *)type->tp_alloc(type, 0);
    if (self) self->elements = Py_NewRef(empty);
    return (PyObject *)self;
}

static int context_init(PyObject *op, PyObject *args, PyObject *kwargs)
{
    Context *self = (Context *)op;
    if (self->elements == empty) {
        PyObject *made = PyDict_New(), *old = self->elements;
        if (!made) return -1;
        self->elements = made;  // expect: FT309 (medium)
        Py_DECREF(old);
    }
    return 0;
}

static PyObject *size(PyObject *op, PyObject *unused)
{
    return PyLong_FromSsize_t(PyDict_Size(((Context *)op)->elements));
}

static PyObject *forget(PyObject *op, PyObject *unused)
{
    Py_XSETREF(empty, PyDict_New());
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"size", size, METH_NOARGS, NULL}, {"forget", forget, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject ContextType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Context", .tp_basicsize = sizeof(Context),
    .tp_flags = Py_TPFLAGS_DEFAULT, .tp_new = context_new, .tp_init = context_init, .tp_methods = methods};

static int exec(PyObject *module)
{
    empty = PyDict_New();
    return empty ? PyModule_AddType(module, &ContextType) : -1;
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
