// The push holds the lock, the pop forgets it.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    void *own;
} Node;

static void *spare[8];
static int used;
static PyMutex mutex;

static PyObject *node_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Node *self = (Node *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->own = used > 0 ? spare[--used] : PyMem_RawMalloc(64);
    return (PyObject *)self;
}

static void node_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    PyMutex_Lock(&mutex);
    if (used < 8) spare[used++] = ((Node *)op)->own;  // expect: FT207
    PyMutex_Unlock(&mutex);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyType_Slot node_slots[] = {{Py_tp_new, node_new}, {Py_tp_dealloc, node_dealloc}, {0, NULL}};
static PyType_Spec node_spec = {"m.Node", sizeof(Node), 0, Py_TPFLAGS_DEFAULT, node_slots};

static int m_exec(PyObject *module) { return PyModule_Add(module, "Node", PyType_FromSpec(&node_spec)); }

static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
