// Methods lock, the iteration slot was forgotten.
#include <Python.h>

typedef struct { PyObject_HEAD Py_ssize_t pos, size; } A;

static PyObject *a_seek(A *self, PyObject *where)
{
    Py_ssize_t to = PyLong_AsSsize_t(where);
    Py_BEGIN_CRITICAL_SECTION(self);
    self->pos = to;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *a_tell(A *self, PyObject *unused)
{
    Py_ssize_t at;
    Py_BEGIN_CRITICAL_SECTION(self);
    at = self->pos;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(at);
}

static PyObject *a_next(A *self)
{
    return PyLong_FromSsize_t(self->pos++);  // expect: FT303
}

static PyMethodDef a_methods[] = {
    {"seek", (PyCFunction)a_seek, METH_O, NULL},
    {"tell", (PyCFunction)a_tell, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)a_next,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
