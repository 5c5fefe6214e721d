// A heap type, and an answer that only one way gives.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *parent;
    PyObject *cache;
} Branch;

static int Branch_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Branch *)self)->parent);
    Py_VISIT(Py_TYPE(self));
    return 0;
}
static int Branch_is_gc(PyObject *self)
{
    if (((Branch *)self)->parent == NULL)
        return 0;  // expect: FT414
    return 1;
}
static void Branch_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_XDECREF(((Branch *)self)->parent);
    type->tp_free(self);
    Py_DECREF(type);
}
static PyType_Slot Branch_slots[] = {
    {Py_tp_traverse, Branch_traverse},
    {Py_tp_is_gc, Branch_is_gc},
    {Py_tp_dealloc, Branch_dealloc},
    {0, NULL},
};
static PyType_Spec Branch_spec = {"trees.Branch", sizeof(Branch), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
                                  Branch_slots};
static int trees_exec(PyObject *module) { return PyModule_Add(module, "Branch", PyType_FromSpec(&Branch_spec)); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)trees_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "trees", .m_slots = slots};
PyMODINIT_FUNC PyInit_trees(void) { return PyModuleDef_Init(&definition); }
