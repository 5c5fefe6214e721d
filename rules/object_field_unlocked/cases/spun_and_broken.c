// A flag that spins is no lock where somebody opens it without having it.
#include <Python.h>
#include <stdatomic.h>

typedef struct { PyObject_HEAD atomic_flag gate; long count; } T;

static void spin(atomic_flag *flag)
{
    while (atomic_flag_test_and_set_explicit(flag, memory_order_acquire)) { }
}
static void open(atomic_flag *flag) { atomic_flag_clear_explicit(flag, memory_order_release); }

static PyObject *t_add(T *self, PyObject *unused)
{
    spin(&self->gate);
    self->count++;  // expect: FT301
    open(&self->gate);
    Py_RETURN_NONE;
}
static PyObject *t_reset(T *self, PyObject *unused)
{
    open(&self->gate);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"add", (PyCFunction)t_add, METH_NOARGS, NULL}, {"reset", (PyCFunction)t_reset, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.T", .tp_basicsize = sizeof(T), .tp_methods = methods};
