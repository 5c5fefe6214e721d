// The iterator is locked where the sequence it walks should be.
#include <Python.h>

typedef struct { PyObject_HEAD Py_ssize_t used; } Seq;
typedef struct { PyObject_HEAD Seq *seq; Py_ssize_t at; } SeqIter;

static PyObject *seq_push(Seq *self, PyObject *unused)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    self->used++;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
static PyObject *seq_pop(Seq *self, PyObject *unused)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    self->used--;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
static PyObject *iter_next(SeqIter *self)
{
    Py_ssize_t at = -1;
    Py_BEGIN_CRITICAL_SECTION(self);
    if (self->at < self->seq->used) at = self->at++;  // expect: FT403
    Py_END_CRITICAL_SECTION();
    return at < 0 ? NULL : PyLong_FromSsize_t(at);
}

static PyMethodDef seq_methods[] = {
    {"push", (PyCFunction)seq_push, METH_NOARGS, NULL},
    {"pop", (PyCFunction)seq_pop, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Seq_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Seq",
    .tp_basicsize = sizeof(Seq),
    .tp_methods = seq_methods,
};
static PyTypeObject Iter_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.SeqIter",
    .tp_basicsize = sizeof(SeqIter),
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)iter_next,
};
static int m_exec(PyObject *module) { return PyModule_AddType(module, &Seq_Type) < 0 ? -1 : PyModule_AddType(module, &Iter_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
