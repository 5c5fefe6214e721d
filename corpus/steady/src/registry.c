/* Registry: series by name, who is told of a change, and who watches. */
#include "steady.h"

typedef struct {
    PyObject_HEAD
    PyObject *series;    /* name -> Series; made once, the dict guards itself */
    PyObject *watchers;  /* list of weak references; made once */
    PyObject *on_change; /* callable or NULL, under the object's critical section */
} Registry;

static PyObject *registry_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Registry *self = (Registry *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->series = PyDict_New();
    self->watchers = PyList_New(0);
    self->on_change = NULL;
    if (self->series == NULL || self->watchers == NULL) Py_CLEAR(self);
    return (PyObject *)self;
}

static int registry_traverse(Registry *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->series);
    Py_VISIT(self->watchers);
    Py_VISIT(self->on_change);
    return 0;
}

/* Called by the collector when nobody else can reach the object. The two containers hold nothing that leads back. */
static int registry_clear(Registry *self)
{
    Py_CLEAR(self->on_change);
    return 0;
}

static void registry_dealloc(Registry *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->series);
    Py_XDECREF(self->watchers);
    Py_XDECREF(self->on_change);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

/* ---- helpers ---- */

static PyObject *callback_locked(Registry *self)
{
    return Py_XNewRef(self->on_change);
}

static PyObject *replace_callback_locked(Registry *self, PyObject *callable)
{
    PyObject *old = self->on_change;
    self->on_change = Py_XNewRef(callable);
    return old;
}

static void put(PyObject *fresh, Py_ssize_t i, PyObject *item)
{
    PyList_SET_ITEM(fresh, i, Py_NewRef(item));
}

/* All keys, or all values, as they are at one moment. */
static PyObject *listed_locked(PyObject *dict, int values)
{
    PyObject *name, *series, *list = PyList_New(PyDict_Size(dict));
    Py_ssize_t pos = 0, i = 0;
    while (list != NULL && PyDict_Next(dict, &pos, &name, &series)) put(list, i++, values ? series : name);
    return list;
}

static PyObject *listed(PyObject *dict, int values)
{
    PyObject *list;
    WITH(dict);
    list = listed_locked(dict, values);
    END_WITH();
    return list;
}

static PyObject *series_for(Registry *self, PyObject *name)
{
    PyObject *series, *fresh;
    int found = PyDict_GetItemRef(self->series, name, &series);
    if (found != 0) return series;
    fresh = series_make(state_of((PyObject *)self), name);
    if (fresh == NULL) return NULL;
    /* Somebody may have been faster; then theirs counts. */
    found = PyDict_SetDefaultRef(self->series, name, fresh, &series);
    Py_DECREF(fresh);
    return found < 0 ? NULL : series;
}

static int tell(Registry *self, PyObject *what)
{
    PyObject *callback, *reference, *watcher, *result;
    WITH(self);
    callback = callback_locked(self);
    END_WITH();
    if (callback != NULL) {
        result = PyObject_CallOneArg(callback, what);
        Py_DECREF(callback);
        if (result == NULL) return -1;
        Py_DECREF(result);
    }
    for (Py_ssize_t i = 0; i < PyList_Size(self->watchers); i++) {
        reference = PyList_GetItemRef(self->watchers, i);
        if (reference == NULL) {
            PyErr_Clear(); /* the list has become shorter */
            break;
        }
        int alive = PyWeakref_GetRef(reference, &watcher);
        Py_DECREF(reference);
        if (alive < 0) return -1;
        if (alive == 0) continue;
        result = PyObject_CallOneArg(watcher, what);
        Py_DECREF(watcher);
        if (result == NULL) return -1;
        Py_DECREF(result);
    }
    return 0;
}

/* ---- methods ---- */

static PyObject *registry_subscript(Registry *self, PyObject *name)
{
    PyObject *series;
    if (PyDict_GetItemRef(self->series, name, &series) == 0) PyErr_SetObject(PyExc_KeyError, name);
    return series;
}

static int registry_contains(Registry *self, PyObject *name)
{
    if (PyDict_GetItemWithError(self->series, name)) return 1; /* only whether there is one */
    return PyErr_Occurred() ? -1 : 0;
}

static PyObject *registry_names(Registry *self, PyObject *unused)
{
    PyObject *names = listed(self->series, 0);
    if (names != NULL && PyList_Sort(names) < 0) Py_CLEAR(names);
    return names;
}

/* record(**values): the dict of keywords belongs to this call, whatever runs in between. */
static PyObject *registry_record(Registry *self, PyObject *args, PyObject *values)
{
    long memory = atomic_load(&state_of((PyObject *)self)->memory);
    PyObject *name, *value;
    Py_ssize_t pos = 0;
    if (!PyArg_ParseTuple(args, ":record")) return NULL;
    while (values != NULL && PyDict_Next(values, &pos, &name, &value)) {
        double number = PyFloat_AsDouble(value);
        PyObject *series;
        int failed;
        if (number == -1 && PyErr_Occurred()) return NULL;
        series = series_for(self, name);
        if (series == NULL) return NULL;
        failed = series_push((Series *)series, number, memory) < 0 || tell(self, name) < 0;
        Py_DECREF(series);
        if (failed) return NULL;
    }
    Py_RETURN_NONE;
}

/* burst(name, value, ...): all of them under one lock. Positional arguments are a tuple, and nobody else's. */
static PyObject *registry_burst(Registry *self, PyObject *args)
{
    long memory = atomic_load(&state_of((PyObject *)self)->memory);
    Py_ssize_t count = PyTuple_GET_SIZE(args) - 1, i;
    PyObject *name = count >= 0 ? PyTuple_GET_ITEM(args, 0) : NULL, *series;
    double *numbers;
    int failed = 0;
    if (name == NULL || !PyUnicode_Check(name)) return PyErr_Format(PyExc_TypeError, "burst() needs a name");
    numbers = PyMem_New(double, count ? count : 1);
    if (numbers == NULL) return PyErr_NoMemory();
    for (i = 0; i < count && !failed; i++) {
        numbers[i] = PyFloat_AsDouble(PyTuple_GET_ITEM(args, i + 1));
        failed = numbers[i] == -1 && PyErr_Occurred();
    }
    series = failed ? NULL : series_for(self, name);
    if (series != NULL) {
        series_lock((Series *)series);
        for (i = 0; i < count && !failed; i++) failed = series_push_locked((Series *)series, numbers[i], memory) < 0;
        series_unlock((Series *)series);
        Py_DECREF(series);
    }
    PyMem_Free(numbers);
    if (series == NULL || failed) return NULL;
    Py_RETURN_NONE;
}

/* Over a list that is ours: locking a series may wait, and waiting would let go of the dict's lock. */
static PyObject *registry_total(Registry *self, PyObject *unused)
{
    PyObject *all = listed(self->series, 1);
    double total = 0;
    if (all == NULL) return NULL;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(all); i++) total += series_sum((Series *)PyList_GET_ITEM(all, i));
    Py_DECREF(all);
    return PyFloat_FromDouble(total);
}

static PyObject *registry_watch(Registry *self, PyObject *callable)
{
    PyObject *reference = PyWeakref_NewRef(callable, NULL);
    if (reference == NULL) return NULL;
    int failed = PyList_Append(self->watchers, reference);
    Py_DECREF(reference);
    if (failed) return NULL;
    Py_RETURN_NONE;
}

static PyObject *registry_get_on_change(Registry *self, void *closure)
{
    PyObject *callback;
    WITH(self);
    callback = callback_locked(self);
    END_WITH();
    return callback ? callback : Py_NewRef(Py_None);
}

static int registry_set_on_change(Registry *self, PyObject *callable, void *closure)
{
    PyObject *old;
    WITH(self);
    old = replace_callback_locked(self, callable == Py_None ? NULL : callable);
    END_WITH();
    Py_XDECREF(old);
    return 0;
}

static PyMethodDef registry_methods[] = {
    {"names", (PyCFunction)registry_names, METH_NOARGS, "names()"},
    {"record", (PyCFunction)(void (*)(void))registry_record, METH_VARARGS | METH_KEYWORDS, "record(**values)"},
    {"burst", (PyCFunction)registry_burst, METH_VARARGS, "burst(name, *values)"},
    {"total", (PyCFunction)registry_total, METH_NOARGS, "total()"},
    {"watch", (PyCFunction)registry_watch, METH_O, "watch(callable)"},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef registry_getset[] = {
    {"on_change", (getter)registry_get_on_change, (setter)registry_set_on_change, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot registry_slots[] = {
    {Py_tp_new, (void *)registry_new},
    {Py_tp_dealloc, (void *)registry_dealloc},
    {Py_tp_traverse, (void *)registry_traverse},
    {Py_tp_clear, (void *)registry_clear},
    {Py_tp_methods, registry_methods},
    {Py_tp_getset, registry_getset},
    {Py_mp_subscript, (void *)registry_subscript},
    {Py_sq_contains, (void *)registry_contains},
    {0, NULL},
};
PyType_Spec registry_spec = {
    .name = "steady.Registry",
    .basicsize = sizeof(Registry),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = registry_slots,
};
