// A reader without the lock is told though another object, which perhaps nobody shares, is read without it too.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    Py_ssize_t length;
} Rope;

static PyObject *Rope_spin(Rope *self, PyObject *arg)
{
    Py_ssize_t more = PyLong_AsSsize_t(arg);
    Py_BEGIN_CRITICAL_SECTION(self);
    self->length += more;  // no-side: FT303
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
static PyObject *Rope_cut(Rope *self, PyObject *unused)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    if (self->length > 0) self->length -= 1;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
static PyObject *Rope_knot(Rope *self, PyObject *make)
{
    Rope *other = (Rope *)PyObject_CallNoArgs(make);
    if (other == NULL) return NULL;
    Py_BEGIN_CRITICAL_SECTION(self);
    self->length += other->length;
    Py_END_CRITICAL_SECTION();
    Py_DECREF(other);
    Py_RETURN_NONE;
}
static PyObject *Rope_size(Rope *self, PyObject *unused)
{
    return PyLong_FromSsize_t(self->length);  // expect: FT303
}
static PyMethodDef Rope_methods[] = {
    {"spin", (PyCFunction)Rope_spin, METH_O, NULL},
    {"cut", (PyCFunction)Rope_cut, METH_NOARGS, NULL},
    {"knot", (PyCFunction)Rope_knot, METH_O, NULL},
    {"size", (PyCFunction)Rope_size, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Rope_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "ropes.Rope",
    .tp_basicsize = sizeof(Rope),
    .tp_methods = Rope_methods,
    .tp_new = PyType_GenericNew,
};
static int ropes_exec(PyObject *module) { return PyModule_AddType(module, &Rope_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)ropes_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "ropes", .m_slots = slots};
PyMODINIT_FUNC PyInit_ropes(void) { return PyModuleDef_Init(&definition); }
