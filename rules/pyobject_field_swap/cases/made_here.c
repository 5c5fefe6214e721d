// The object is made, and filled by a helper, before anybody else can have it.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *next; } Node;

static PyTypeObject Node_Type;

static void attach(Node *node, PyObject *next) { Py_XSETREF(node->next, Py_XNewRef(next)); }

static PyObject *node_push(PyObject *self, PyObject *unused)
{
    Node *made = (Node *)PyType_GenericAlloc(&Node_Type, 0);
    if (made == NULL) return NULL;
    attach(made, self);
    return (PyObject *)made;
}

static PyObject *node_get_next(Node *self, void *closure) { return Py_XNewRef(self->next); }

static void node_dealloc(Node *self)
{
    Py_CLEAR(self->next);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef node_methods[] = {
    {"push", (PyCFunction)node_push, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef node_getset[] = {
    {"next", (getter)node_get_next, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyTypeObject Node_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "node.Node",
    .tp_basicsize = sizeof(Node),
    .tp_methods = node_methods,
    .tp_getset = node_getset,
    .tp_dealloc = (destructor)node_dealloc,
    .tp_new = PyType_GenericNew,
};

static int node_exec(PyObject *module) { return PyModule_AddType(module, &Node_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)node_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "node", .m_slots = slots};
PyMODINIT_FUNC PyInit_node(void) { return PyModuleDef_Init(&definition); }
