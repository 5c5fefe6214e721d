// A pointer and its size are changed by one method, in parallel with itself.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *val, *seq;
    Py_ssize_t n, pos, exports;
    char *buf;
    Py_hash_t hash;
    int closed;
} Obj;

static PyObject *obj_grow(Obj *self, PyObject *a)
{
    self->buf = PyMem_Realloc(self->buf, self->n + 64);  // expect: FT301
    self->n += 64;
    Py_RETURN_NONE;
}

static PyMethodDef obj_methods[] = {
    {"grow", (PyCFunction)obj_grow, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Obj_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Obj",
    .tp_basicsize = sizeof(Obj),
    .tp_methods = obj_methods,
    .tp_new = PyType_GenericNew,
};

static int m_exec(PyObject *module) { return PyModule_AddType(module, &Obj_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
