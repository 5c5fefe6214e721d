// The winner of an exchange fills the field once; others wait for the 2. Whoever writes after that has won nothing.
#include <Python.h>

typedef struct { PyObject_HEAD int phase; long *cache; int later; long *more; } T;

static void ensure(T *self)
{
    int none = 0;
    if (_Py_atomic_load_int_acquire(&self->phase) == 2) return;
    if (_Py_atomic_compare_exchange_int(&self->phase, &none, 1)) {
        self->cache = PyMem_RawCalloc(16, sizeof(long));
        _Py_atomic_store_int_release(&self->phase, 2);
        return;
    }
    while (_Py_atomic_load_int_acquire(&self->phase) != 2) { }
}
static PyObject *t_get(T *self, PyObject *number)
{
    ensure(self);
    return PyLong_FromLong(self->cache[PyLong_AsLong(number) & 15]);
}
static PyObject *t_late(T *self, PyObject *number)
{
    int none = 0;
    if (_Py_atomic_compare_exchange_int(&self->later, &none, 1)) {
        _Py_atomic_store_int_release(&self->later, 2);
        self->more = PyMem_RawCalloc(16, sizeof(long));  // expect: FT301
    }
    while (_Py_atomic_load_int_acquire(&self->later) != 2) { }
    return PyLong_FromLong(self->more[PyLong_AsLong(number) & 15]);
}

static PyMethodDef methods[] = {
    {"get", (PyCFunction)t_get, METH_O, NULL}, {"late", (PyCFunction)t_late, METH_O, NULL}, {NULL, NULL, 0, NULL}};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.T", .tp_basicsize = sizeof(T), .tp_methods = methods};
