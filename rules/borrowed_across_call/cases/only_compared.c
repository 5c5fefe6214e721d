// The pointer that is kept over the call is only compared afterwards, in a helper: nobody follows it.
#include <Python.h>

typedef struct Node { PyObject_HEAD struct Node *next; PyObject *value; } Node;

static int follows(Node *node, PyObject *expected) { return node->value == expected; }

static PyObject *node_check(Node *self, PyObject *other)
{
    PyObject *before = self->value;  // false-alarm: FT103
    if (PyObject_IsTrue(other) < 0) return NULL;
    return PyBool_FromLong(follows(self, before));
}

static PyObject *node_set(Node *self, PyObject *value)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    Py_XSETREF(self->value, Py_NewRef(value));
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyMethodDef node_methods[] = {
    {"check", (PyCFunction)node_check, METH_O, NULL},
    {"set", (PyCFunction)node_set, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Node_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "n.Node",
    .tp_basicsize = sizeof(Node),
    .tp_methods = node_methods,
    .tp_new = PyType_GenericNew,
};

static int n_exec(PyObject *module) { return PyModule_AddType(module, &Node_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)n_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "n", .m_slots = slots};
PyMODINIT_FUNC PyInit_n(void) { return PyModuleDef_Init(&definition); }
