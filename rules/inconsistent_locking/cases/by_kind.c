// Only objects of one kind are completed later, and only those of another are asked: no field of one object is at stake.
#include <Python.h>

typedef struct { PyObject_HEAD int kind; Py_ssize_t length; } A;

static PyObject *a_complete(A *self, PyObject *n)
{
    Py_ssize_t length = PyLong_AsSsize_t(n);
    if (self->kind != 1) return NULL;
    Py_BEGIN_CRITICAL_SECTION(self);
    self->length = length;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *a_length(A *self, PyObject *unused)
{
    if (self->kind != 2) Py_RETURN_NONE;
    return PyLong_FromSsize_t(self->length);  // false-alarm: FT303
}

static PyMethodDef a_methods[] = {
    {"complete", (PyCFunction)a_complete, METH_O, NULL},
    {"length", (PyCFunction)a_length, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
};

static int m_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
