// A test before the section, of a flag that is set inside one.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *val, *seq;
    Py_ssize_t n, pos, exports;
    char *buf;
    Py_hash_t hash;
    int closed;
} Obj;

static PyObject *obj_read(Obj *self, PyObject *a)
{
    if (self->closed) return NULL;  // expect: FT303
    Py_ssize_t n;
    Py_BEGIN_CRITICAL_SECTION(self); n = self->n; Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(n);
}

static PyObject *obj_close(Obj *self, PyObject *a)
{
    Py_BEGIN_CRITICAL_SECTION(self); self->closed = 1; self->n = 0; Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyMethodDef obj_methods[] = {
    {"read", (PyCFunction)obj_read, METH_NOARGS, NULL},
    {"close", (PyCFunction)obj_close, METH_NOARGS, NULL},
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
