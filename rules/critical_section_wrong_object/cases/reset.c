// The argument is locked by a helper of the method, its own object is written.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *val, *seq;
    Py_ssize_t n, pos, exports;
    char *buf;
    Py_hash_t hash;
    int closed;
} Obj;

static void reset(Obj *self, PyObject *arg)
{
    Py_BEGIN_CRITICAL_SECTION(arg);
    self->n = 0;  // expect: FT403
    self->pos = 0;
    Py_END_CRITICAL_SECTION();
}

static PyObject *obj_add(Obj *self, PyObject *unused)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    self->n++;
    self->pos++;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *obj_sum(Obj *self, PyObject *unused)
{
    Py_ssize_t sum;
    Py_BEGIN_CRITICAL_SECTION(self);
    sum = self->n + self->pos;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(sum);
}

static PyObject *obj_reset(Obj *self, PyObject *arg) { reset(self, arg); Py_RETURN_NONE; }

static PyMethodDef obj_methods[] = {
    {"add", (PyCFunction)obj_add, METH_NOARGS, NULL},
    {"sum", (PyCFunction)obj_sum, METH_NOARGS, NULL},
    {"reset", (PyCFunction)obj_reset, METH_O, NULL},
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
