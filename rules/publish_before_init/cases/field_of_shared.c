// Stored in a field of a shared object; one made and stored in the right order; one that is zeroed.
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

static Pair *newest;

static PyObject *f(Pair *self, PyObject *object)
{
    Pair *pair = (Pair *)Pair_Type.tp_alloc(&Pair_Type, 0);
    if (pair == NULL) return NULL;
    self->left = (PyObject *)pair;  // expect: FT312
    pair->left = NULL;
    pair->right = Py_NewRef(object);
    Py_RETURN_NONE;
}

static PyObject *g(PyObject *module, PyObject *object)
{
    Pair *pair = (Pair *)Pair_Type.tp_alloc(&Pair_Type, 0);
    if (pair == NULL) return NULL;
    pair->right = Py_NewRef(object);
    newest = pair;
    pair->left = NULL;
    Py_RETURN_NONE;
}

static int set_up(PyObject *module) { return PyModule_AddType(module, &Pair_Type); }

static PyMethodDef methods[] = {
    {"f", (PyCFunction)f, METH_O, NULL},
    {"g", g, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)set_up}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
