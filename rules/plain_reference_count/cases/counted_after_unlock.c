// One of the owner's methods lowers the count behind its mutex.
#include <Python.h>
typedef struct node { struct node *next; int refs; long value; } Node;
typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    Node *head;
} Box;

static void node_drop(Node *node)
{
    if (--node->refs == 0) PyMem_RawFree(node);  // expect: FT806
}
static PyObject *Box_push(Box *self, PyObject *arg)
{
    Node *fresh = PyMem_RawMalloc(sizeof(Node));
    if (fresh == NULL) return PyErr_NoMemory();
    fresh->refs = 1;
    fresh->value = PyLong_AsLong(arg);
    PyMutex_Lock(&self->mutex);
    fresh->next = self->head;
    self->head = fresh;
    PyMutex_Unlock(&self->mutex);
    Py_RETURN_NONE;
}
static PyObject *Box_peek(Box *self, PyObject *unused)
{
    PyMutex_Lock(&self->mutex);
    Node *node = self->head;
    if (node != NULL) node->refs++;
    PyMutex_Unlock(&self->mutex);
    if (node == NULL) Py_RETURN_NONE;
    long value = node->value;
    node_drop(node);
    return PyLong_FromLong(value);
}

static PyMethodDef Box_methods[] = {
    {"Box_push", (PyCFunction)Box_push, METH_O, NULL},
    {"Box_peek", (PyCFunction)Box_peek, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Box_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Box",
    .tp_basicsize = sizeof(Box),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = Box_methods,
    .tp_new = PyType_GenericNew,
};
static int add_types(PyObject *module)
{
    return PyModule_AddType(module, &Box_Type);
}
static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)add_types}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
