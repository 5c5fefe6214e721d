// The object is an argument, checked and cast; others may hold it just as well.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *next; } Node;

static PyTypeObject Node_Type;

static PyObject *node_link(PyObject *self, PyObject *other)
{
    if (!PyObject_TypeCheck(other, &Node_Type)) return NULL;
    Node *node = (Node *)other;
    Py_XSETREF(node->next, Py_NewRef(self));  // expect: FT302
    Py_RETURN_NONE;
}

static PyObject *node_get_next(Node *self, void *closure) { return Py_XNewRef(self->next); }

static PyMethodDef node_methods[] = {
    {"link", (PyCFunction)node_link, METH_O, NULL},
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
    .tp_new = PyType_GenericNew,
};

static int node_exec(PyObject *module) { return PyModule_AddType(module, &Node_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)node_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "node", .m_slots = slots};
PyMODINIT_FUNC PyInit_node(void) { return PyModuleDef_Init(&definition); }
