/* Series: the last values of one measurement, in a ring. */
#include "steady.h"

#include <string.h>

void series_lock(Series *self)
{
    PyMutex_Lock(&self->mutex);
}

void series_unlock(Series *self)
{
    PyMutex_Unlock(&self->mutex);
}

PyObject *series_make(State *state, PyObject *label)
{
    Series *self = PyObject_New(Series, state->series_type);
    if (self == NULL) return NULL;
    self->label = Py_NewRef(label);
    self->unit = Py_NewRef(state->default_unit);
    self->mutex = (PyMutex){0};
    self->values = NULL;
    self->size = self->capacity = self->next = 0;
    self->sum = 0;
    return (PyObject *)self;
}

static void series_dealloc(Series *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyMem_Free(self->values);
    Py_XDECREF(self->label);
    Py_XDECREF(self->unit);
    PyObject_Free(self);
    Py_DECREF(type);
}

/* Room for one more, as long as there are fewer than `memory`. A ring that has begun to turn grows only where its
   oldest value is its first, so that the values stay in order. */
static int reserve_locked(Series *self, long memory)
{
    Py_ssize_t capacity = self->capacity ? self->capacity * 2 : 8;
    double *values;
    if (self->size < self->capacity || self->capacity >= memory || self->next != 0) return 0;
    if (capacity > memory) capacity = memory;
    values = PyMem_Realloc(self->values, (size_t)capacity * sizeof(double));
    if (values == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->values = values;
    self->capacity = capacity;
    return 0;
}

int series_push_locked(Series *self, double value, long memory)
{
    if (reserve_locked(self, memory) < 0) return -1;
    if (self->size < self->capacity) {
        self->values[self->size++] = value;
    } else {
        self->sum -= self->values[self->next];
        self->values[self->next] = value;
        self->next = (self->next + 1) % self->capacity;
    }
    self->sum += value;
    return 0;
}

int series_push(Series *self, double value, long memory)
{
    int failed;
    series_lock(self);
    failed = series_push_locked(self, value, memory);
    series_unlock(self);
    return failed;
}

double series_sum(Series *self)
{
    double sum;
    series_lock(self);
    sum = self->sum;
    series_unlock(self);
    return sum;
}

static PyObject *series_push_method(Series *self, PyObject *arg)
{
    double value = PyFloat_AsDouble(arg);
    if (value == -1 && PyErr_Occurred()) return NULL;
    if (series_push(self, value, atomic_load(&state_of((PyObject *)self)->memory)) < 0) return NULL;
    Py_RETURN_NONE;
}

/* The floats of a sequence, all or none: first into memory of our own, under the sequence's lock, then into the ring,
   under ours. */
static PyObject *series_extend(Series *self, PyObject *numbers)
{
    long memory = atomic_load(&state_of((PyObject *)self)->memory);
    PyObject *fast = PySequence_Fast(numbers, "extend() needs a sequence of floats");
    double *copy = NULL;
    Py_ssize_t size = 0, i;
    int failed = 1, wrong = 0;
    if (fast == NULL) return NULL;
    WITH(fast);
    size = PySequence_Fast_GET_SIZE(fast);
    copy = PyMem_New(double, size ? size : 1);
    for (i = 0; copy != NULL && i < size; i++) {
        PyObject *item = PySequence_Fast_GET_ITEM(fast, i);
        if (!PyFloat_CheckExact(item)) {
            wrong = 1;
            break;
        }
        copy[i] = PyFloat_AS_DOUBLE(item);
    }
    END_WITH();
    Py_DECREF(fast);
    if (copy == NULL) return PyErr_NoMemory();
    if (wrong) {
        PyErr_SetString(PyExc_TypeError, "extend() needs a sequence of floats");
        goto done;
    }
    series_lock(self);
    for (i = 0, failed = 0; i < size && !failed; i++) failed = series_push_locked(self, copy[i], memory) < 0;
    series_unlock(self);
done:
    PyMem_Free(copy);
    if (failed) return NULL;
    Py_RETURN_NONE;
}

/* A list nobody else has yet; the mutex is held while no Python object is touched but that list's floats. */
static PyObject *series_values(Series *self, PyObject *unused)
{
    double *copy;
    Py_ssize_t size, i;
    PyObject *list;
    series_lock(self);
    size = self->size;
    copy = PyMem_New(double, size ? size : 1);
    for (i = 0; copy != NULL && i < size; i++) copy[i] = self->values[(self->next + i) % size];
    series_unlock(self);
    if (copy == NULL) return PyErr_NoMemory();
    list = PyList_New(size);
    for (i = 0; list != NULL && i < size; i++) {
        PyObject *value = PyFloat_FromDouble(copy[i]);
        if (value == NULL) Py_CLEAR(list);
        else PyList_SET_ITEM(list, i, value);
    }
    PyMem_Free(copy);
    return list;
}

static PyObject *series_mean(Series *self, PyObject *unused)
{
    double sum;
    Py_ssize_t size;
    series_lock(self);
    sum = self->sum;
    size = self->size;
    series_unlock(self);
    if (size == 0) Py_RETURN_NONE;
    return PyFloat_FromDouble(sum / (double)size);
}

static Py_ssize_t series_length(Series *self)
{
    Py_ssize_t size;
    series_lock(self);
    size = self->size;
    series_unlock(self);
    return size;
}

static PyObject *series_get_label(Series *self, void *closure)
{
    return Py_NewRef(self->label);
}

static PyObject *series_get_unit(Series *self, void *closure)
{
    PyObject *unit;
    WITH(self);
    unit = Py_NewRef(self->unit);
    END_WITH();
    return unit;
}

/* The old value is let go of outside: its end may run anything. */
static int series_set_unit(Series *self, PyObject *unit, void *closure)
{
    PyObject *old;
    if (unit == NULL || !PyUnicode_Check(unit)) {
        PyErr_SetString(PyExc_TypeError, "a unit is a str");
        return -1;
    }
    WITH(self);
    old = self->unit;
    self->unit = Py_NewRef(unit);
    END_WITH();
    Py_DECREF(old);
    return 0;
}

static PyMethodDef series_methods[] = {
    {"push", (PyCFunction)series_push_method, METH_O, "push(value)"},
    {"extend", (PyCFunction)series_extend, METH_O, "extend(floats)"},
    {"values", (PyCFunction)series_values, METH_NOARGS, "values()"},
    {"mean", (PyCFunction)series_mean, METH_NOARGS, "mean()"},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef series_getset[] = {
    {"label", (getter)series_get_label, NULL, NULL, NULL},
    {"unit", (getter)series_get_unit, (setter)series_set_unit, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot series_slots[] = {
    {Py_tp_dealloc, (void *)series_dealloc},
    {Py_tp_methods, series_methods},
    {Py_tp_getset, series_getset},
    {Py_sq_length, (void *)series_length},
    {0, NULL},
};
PyType_Spec series_spec = {
    .name = "steady.Series",
    .basicsize = sizeof(Series),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = series_slots,
};

/* Counter: one number that any thread may raise. */
typedef struct {
    PyObject_HEAD
    atomic_long value;
} Counter;

static PyObject *counter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    long start = 0;
    Counter *self;
    if (!PyArg_ParseTuple(args, "|l:Counter", &start)) return NULL;
    self = (Counter *)type->tp_alloc(type, 0);
    if (self != NULL) atomic_init(&self->value, start);
    return (PyObject *)self;
}

static void counter_dealloc(Counter *self)
{
    PyTypeObject *type = Py_TYPE(self);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *counter_add(Counter *self, PyObject *const *args, Py_ssize_t count)
{
    long by = count > 0 ? PyLong_AsLong(args[0]) : 1;
    if (by == -1 && PyErr_Occurred()) return NULL;
    return PyLong_FromLong(atomic_fetch_add(&self->value, by) + by);
}

static PyObject *counter_get_value(Counter *self, void *closure)
{
    return PyLong_FromLong(atomic_load_explicit(&self->value, memory_order_relaxed));
}

static PyMethodDef counter_methods[] = {
    {"add", (PyCFunction)(void (*)(void))counter_add, METH_FASTCALL, "add(by=1)"},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef counter_getset[] = {
    {"value", (getter)counter_get_value, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot counter_slots[] = {
    {Py_tp_new, (void *)counter_new},
    {Py_tp_dealloc, (void *)counter_dealloc},
    {Py_tp_methods, counter_methods},
    {Py_tp_getset, counter_getset},
    {0, NULL},
};
PyType_Spec counter_spec = {
    .name = "steady.Counter",
    .basicsize = sizeof(Counter),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = counter_slots,
};
