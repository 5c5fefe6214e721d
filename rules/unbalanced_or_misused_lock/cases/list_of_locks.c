// Each element has a lock of its own; all are taken, then all given back.
#include <Python.h>

typedef struct node {
    PyMutex lock;
    struct node *next;
} Node;
static Node *first;

static PyObject *nodes_sweep(PyObject *module, PyObject *unused)
{
    for (Node *node = first; node; node = node->next) PyMutex_Lock(&node->lock);
    for (Node *node = first; node; node = node->next) PyMutex_Unlock(&node->lock);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"sweep", nodes_sweep, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "nodes", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_nodes(void) { return PyModuleDef_Init(&definition); }
