// tp_free and the GC flag belong together.
#include <Python.h>

typedef struct {
    PyObject_HEAD
} Node;

static int node_traverse(PyObject *self, visitproc visit, void *arg) { return 0; }

static PyTypeObject Tracked = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Tracked",
    .tp_basicsize = sizeof(Node),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = node_traverse,
    .tp_free = PyObject_Free,  // expect: FT606
};
static PyTypeObject Plain = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Plain",
    .tp_basicsize = sizeof(Node),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_free = PyObject_Del,
};

static int set_up(PyObject *module) { return PyModule_AddType(module, &Tracked) || PyModule_AddType(module, &Plain); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)set_up}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
