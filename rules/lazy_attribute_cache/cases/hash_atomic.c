// The same hash, loaded and stored atomically.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *val, *seq;
    Py_ssize_t n, pos, exports;
    char *buf;
    Py_hash_t hash;
    int closed;
} Obj;

static Py_hash_t obj_hash(Obj *self)
{
    Py_hash_t h = __atomic_load_n(&self->hash, __ATOMIC_RELAXED);
    if (h == -1) {
        h = PyObject_Hash(self->val);
        __atomic_store_n(&self->hash, h, __ATOMIC_RELAXED);
    }
    return h;
}

static PyTypeObject Obj_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Obj",
    .tp_basicsize = sizeof(Obj),
    .tp_hash = (hashfunc)obj_hash,
    .tp_new = PyType_GenericNew,
};

static int m_exec(PyObject *module) { return PyModule_AddType(module, &Obj_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
