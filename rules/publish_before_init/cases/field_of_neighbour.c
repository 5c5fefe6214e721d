// What is set after the object is in the list is the field of its neighbour, which was there before; an object of its
// own that it leads to is part of it.
#include <Python.h>

typedef struct Extra {
    long count;
} Extra;

typedef struct Child {
    PyObject_HEAD
    struct Child *next, **previous;
    Extra *extra;
} Child;

typedef struct {
    PyObject_HEAD
    Child *children;
} Parent;

static PyTypeObject Child_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Child",
    .tp_basicsize = sizeof(Child),
    .tp_flags = Py_TPFLAGS_DEFAULT,
};

static PyObject *child(PyObject *self, PyObject *unused)
{
    Parent *parent = (Parent *)self;
    Child *fresh = PyObject_New(Child, &Child_type);
    if (!fresh) return NULL;
    fresh->extra = NULL;
    fresh->next = parent->children;
    fresh->previous = &parent->children;
    parent->children = fresh;
    if (fresh->next) fresh->next->previous = &fresh->next;
    return (PyObject *)fresh;
}

static PyObject *late(PyObject *self, PyObject *unused)
{
    Parent *parent = (Parent *)self;
    Child *fresh = PyObject_New(Child, &Child_type);
    if (!fresh) return NULL;
    fresh->extra = NULL;
    fresh->next = parent->children;
    parent->children = fresh;  // expect: FT312
    fresh->previous = &parent->children;
    if (fresh->next) fresh->next->previous = &fresh->next;
    return (PyObject *)fresh;
}

static PyObject *hollow(PyObject *self, PyObject *unused)
{
    Parent *parent = (Parent *)self;
    Child *fresh = PyObject_New(Child, &Child_type);
    if (!fresh) return NULL;
    fresh->extra = PyMem_Malloc(sizeof(Extra));
    if (!fresh->extra) return NULL;
    fresh->next = parent->children;
    fresh->previous = &parent->children;
    parent->children = fresh;  // expect: FT312
    fresh->extra->count = 1;
    return (PyObject *)fresh;
}

static PyMethodDef parent_methods[] = {
    {"child", child, METH_NOARGS, NULL},
    {"late", late, METH_NOARGS, NULL},
    {"hollow", hollow, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Parent_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Parent",
    .tp_basicsize = sizeof(Parent),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = parent_methods,
    .tp_new = PyType_GenericNew,
};

static int fill(PyObject *m)
{
    if (PyModule_AddType(m, &Child_type) < 0) return -1;
    return PyModule_AddType(m, &Parent_type);
}

static PyMethodDef methods[] = {{NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
