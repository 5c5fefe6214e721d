// A hook that only a function which nobody calls would set; one that tp_new sets.
// The first is told with less confidence: other libraries might call that function.
#include <Python.h>

typedef struct Node {
    struct Node *left, *right;
    int seen;
} Node;

typedef struct {
    PyObject_HEAD
    Node *node;
    void (*on_insert)(Node *);
    void (*on_remove)(Node *);
} Document;

static void style(Node *node)
{
    if (!node->left) node->left = node;  // expect: FT307
}

static void forget(Node *node)
{
    if (!node->right) node->right = node;  // expect: FT307
}

void document_init_styles(Document *document) { document->on_insert = style; }
static void document_init(Document *document) { document->on_remove = forget; }

static PyObject *insert(PyObject *self, PyObject *unused)
{
    Document *document = (Document *)self;
    if (document->on_insert) document->on_insert(document->node);
    Py_RETURN_NONE;
}

static PyObject *drop(PyObject *self, PyObject *unused)
{
    Document *document = (Document *)self;
    if (document->on_remove) document->on_remove(document->node);
    Py_RETURN_NONE;
}

static PyObject *document_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    Document *self = (Document *)type->tp_alloc(type, 0);
    if (!self) return NULL;
    self->node = PyMem_Calloc(1, sizeof(Node));
    document_init(self);
    return (PyObject *)self;
}

static PyMethodDef document_methods[] = {
    {"insert", insert, METH_NOARGS, NULL}, {"drop", drop, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject Document_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Document",
    .tp_basicsize = sizeof(Document),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = document_new,
    .tp_methods = document_methods,
};

static int fill(PyObject *m) { return PyModule_AddType(m, &Document_type); }

static PyMethodDef methods[] = {{NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
