// A weak reference that an object keeps all its life: it stays the same, and what it refers to may go at any time.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *parent;  // a weak reference
} Leaf;

static PyObject *Leaf_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *parent;
    if (!PyArg_ParseTuple(args, "O", &parent)) return NULL;
    Leaf *self = (Leaf *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->parent = PyWeakref_NewRef(parent, NULL);
    if (self->parent == NULL) Py_CLEAR(self);
    return (PyObject *)self;
}

static void Leaf_dealloc(PyObject *self)
{
    Py_CLEAR(((Leaf *)self)->parent);
    Py_TYPE(self)->tp_free(self);
}

static PyObject *Leaf_lent(PyObject *self, PyObject *unused)
{
    PyObject *parent = PyWeakref_GetObject(((Leaf *)self)->parent);  // expect: FT111
    return Py_NewRef(parent);
}

static PyObject *Leaf_locked(PyObject *self, PyObject *unused)
{
    PyObject *parent;
    Py_BEGIN_CRITICAL_SECTION(self);
    parent = Py_NewRef(PyWeakref_GetObject(((Leaf *)self)->parent));  // expect: FT111
    Py_END_CRITICAL_SECTION();
    return parent;
}

static PyObject *Leaf_owned(PyObject *self, PyObject *unused)
{
    PyObject *parent;
    if (PyWeakref_GetRef(((Leaf *)self)->parent, &parent) < 0) return NULL;
    if (parent == NULL) Py_RETURN_NONE;
    return parent;
}

static PyMethodDef methods[] = {{"lent", Leaf_lent, METH_NOARGS, NULL},
                                {"locked", Leaf_locked, METH_NOARGS, NULL},
                                {"owned", Leaf_owned, METH_NOARGS, NULL},
                                {NULL}};
static PyTypeObject Leaf_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "leaves.Leaf", .tp_basicsize = sizeof(Leaf), .tp_new = Leaf_new,
    .tp_dealloc = Leaf_dealloc, .tp_methods = methods,
};

static int leaves_exec(PyObject *module) { return PyModule_AddType(module, &Leaf_type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, leaves_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "leaves", .m_slots = slots};
PyMODINIT_FUNC PyInit_leaves(void) { return PyModuleDef_Init(&definition); }
