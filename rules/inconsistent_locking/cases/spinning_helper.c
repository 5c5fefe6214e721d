// A lock made by hand of an atomic flag, taken and given back by helpers that are given its address.
#include <Python.h>
#include <stdatomic.h>

typedef struct { PyObject_HEAD atomic_flag gate; int lock; long count, sum; } T;

static void spin(atomic_flag *flag)
{
    while (atomic_flag_test_and_set_explicit(flag, memory_order_acquire)) { }
}
static void open(atomic_flag *flag) { atomic_flag_clear_explicit(flag, memory_order_release); }

static void enter(int *lock)
{
    int expected;
    do { expected = 0; } while (!__atomic_compare_exchange_n(lock, &expected, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
}
static void leave(int *lock) { __atomic_store_n(lock, 0, __ATOMIC_RELEASE); }

static PyObject *t_add(T *self, PyObject *object)
{
    long more = PyLong_AsLong(object);
    spin(&self->gate);
    self->count++;
    open(&self->gate);
    enter(&self->lock);
    self->sum += more;
    leave(&self->lock);
    Py_RETURN_NONE;
}
static PyObject *t_mean(T *self, PyObject *unused)
{
    spin(&self->gate);
    long count = self->count;
    open(&self->gate);
    enter(&self->lock);
    long sum = self->sum;
    leave(&self->lock);
    return PyFloat_FromDouble((double)sum / (double)count);
}
static PyObject *t_count(T *self, PyObject *unused)
{
    return PyLong_FromLong(self->count);  // expect: FT303
}
static PyObject *t_sum(T *self, PyObject *unused)
{
    return PyLong_FromLong(self->sum);  // expect: FT303
}

static PyMethodDef methods[] = {
    {"add", (PyCFunction)t_add, METH_O, NULL},
    {"mean", (PyCFunction)t_mean, METH_NOARGS, NULL},
    {"count", (PyCFunction)t_count, METH_NOARGS, NULL},
    {"sum", (PyCFunction)t_sum, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.T", .tp_basicsize = sizeof(T), .tp_methods = methods};
