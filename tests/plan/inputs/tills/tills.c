// Methods that two locks are for, beside helpers that a maintainer has split already: what is written is one body a lock, each once.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    Py_ssize_t total, last;
} Till;

static Py_ssize_t grand_total, grand_last;

static PyObject *Till_add(Till *self, PyObject *unused)
{
    (void)unused;
    if (self->last > self->total)
        self->total = 0;
    self->total += 2;
    self->last = self->total;
    if (grand_last > grand_total)
        grand_total = 0;
    grand_total += 2;
    grand_last = grand_total;
    Py_RETURN_NONE;
}

static void settle_lock_held(Till *self)
{
    self->total += self->last;
    self->last = 0;
}

static PyObject *Till_settle(Till *self, PyObject *unused)
{
    (void)unused;
    Py_BEGIN_CRITICAL_SECTION(self);
    settle_lock_held(self);
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static void settle(Till *self)
{
    settle_lock_held(self);
}

static PyObject *Till_quick(Till *self, PyObject *unused)
{
    (void)unused;
    settle(self);
    Py_RETURN_NONE;
}

static PyObject *shown(Till *self)
{
    return Py_BuildValue("nn", self->total, self->last);
}

static PyObject *Till_show(Till *self, PyObject *unused)
{
    (void)unused;
    return shown(self);
}

static PyObject *grand(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    Py_ssize_t total = 0, last = 0;
    total = grand_total;
    last = grand_last;
    return Py_BuildValue("nn", total, last);
}

static PyMethodDef Till_methods[] = {
    {"add", (PyCFunction)Till_add, METH_NOARGS, NULL},
    {"settle", (PyCFunction)Till_settle, METH_NOARGS, NULL},
    {"quick", (PyCFunction)Till_quick, METH_NOARGS, NULL},
    {"show", (PyCFunction)Till_show, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Till_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "tills.Till",
    .tp_basicsize = sizeof(Till),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = Till_methods,
    .tp_new = PyType_GenericNew,
};
static PyMethodDef functions[] = {{"grand", grand, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static int exec(PyObject *module) { return PyModule_AddType(module, &Till_Type); }
static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)exec},
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
    {0, NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "tills", NULL, 0, functions, slots, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_tills(void) { return PyModuleDef_Init(&definition); }
