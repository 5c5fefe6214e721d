// Entries and counter in one struct; pop in a factory function, push in a helper of the deallocator.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long n;
} Node;

static PyTypeObject NodeType;
static struct {
    Node *items[32];
    int used;
} spare;

static Node *make_node(void)
{
    if (spare.used > 0) return (Node *)PyObject_Init((PyObject *)spare.items[--spare.used], &NodeType);
    return PyObject_New(Node, &NodeType);
}

static void recycle(Node *node)
{
    if (spare.used < 32) spare.items[spare.used++] = node;  // expect: FT207
    else PyObject_Free(node);
}

static void node_dealloc(PyObject *self) { recycle((Node *)self); }

static PyTypeObject NodeType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Node", .tp_basicsize = sizeof(Node), .tp_dealloc = node_dealloc};

static PyObject *f(PyObject *module, PyObject *unused) { return (PyObject *)make_node(); }

static int m_exec(PyObject *module) { return PyType_Ready(&NodeType); }

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
