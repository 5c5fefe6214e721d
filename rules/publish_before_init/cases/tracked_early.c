// The collector may run during the call; between two plain writes it does not.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *left, *right;
} Pair;

static int pair_traverse(Pair *self, visitproc visit, void *arg)
{
    Py_VISIT(self->left);
    Py_VISIT(self->right);
    return 0;
}

static PyTypeObject Pair_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Pair",
    .tp_basicsize = sizeof(Pair),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)pair_traverse,
};

static PyObject *f(PyObject *module, PyObject *object)
{
    Pair *pair = PyObject_GC_New(Pair, &Pair_Type);
    if (pair == NULL) return NULL;
    pair->left = NULL;
    PyObject_GC_Track(pair);  // expect: FT312
    pair->left = PyObject_Repr(object);
    pair->right = PyObject_Str(object);
    return (PyObject *)pair;
}

static PyObject *g(PyObject *module, PyObject *object)
{
    Pair *pair = PyObject_GC_New(Pair, &Pair_Type);
    if (pair == NULL) return NULL;
    PyObject_GC_Track(pair);
    pair->left = NULL;
    pair->right = NULL;
    return (PyObject *)pair;
}

static int set_up(PyObject *module) { return PyModule_AddType(module, &Pair_Type); }

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)set_up}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
