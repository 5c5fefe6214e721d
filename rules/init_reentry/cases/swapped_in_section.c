// Swapped in a section, freed after it.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *val, *seq;
    Py_ssize_t n, pos, exports;
    char *buf;
    Py_hash_t hash;
    int closed;
} Obj;

static int obj_init(Obj *self, PyObject *args, PyObject *kw)
{
    char *fresh = PyMem_Calloc(64, 1), *old;
    if (fresh == NULL) { PyErr_NoMemory(); return -1; }
    Py_BEGIN_CRITICAL_SECTION(self);
    old = self->buf; self->buf = fresh;
    Py_END_CRITICAL_SECTION();
    PyMem_Free(old);
    return 0;
}

static PyTypeObject Obj_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Obj",
    .tp_basicsize = sizeof(Obj),
    .tp_init = (initproc)obj_init,
    .tp_new = PyType_GenericNew,
};

static int m_exec(PyObject *module) { return PyModule_AddType(module, &Obj_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
