// A node is hung in through a pointer to where the last one keeps its next, which a loop has moved there from the head.
#include <Python.h>

typedef struct Node {
    struct Node *next;
    long value;
} Node;

typedef struct {
    PyObject_HEAD
    Node *head;
} Chain;

static void hang_in(Chain *self, Node *node)
{
    Node **place = &self->head;
    while (*place) place = &(*place)->next;
    *place = node;  // expect: FT301
}

static PyObject *add(PyObject *self, PyObject *arg)
{
    Node *node = PyMem_Calloc(1, sizeof(Node));
    if (!node) return PyErr_NoMemory();
    node->value = PyLong_AsLong(arg);
    hang_in((Chain *)self, node);
    Py_RETURN_NONE;
}

static PyObject *total(PyObject *self, PyObject *unused)
{
    long sum = 0;
    for (Node *node = ((Chain *)self)->head; node; node = node->next) sum += node->value;
    return PyLong_FromLong(sum);
}

static PyMethodDef chain_methods[] = {
    {"add", add, METH_O, NULL}, {"total", total, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject Chain_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Chain",
    .tp_basicsize = sizeof(Chain),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_methods = chain_methods,
};

static int fill(PyObject *m) { return PyModule_AddType(m, &Chain_type); }

static PyMethodDef methods[] = {{NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
