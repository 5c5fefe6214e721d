/* tally: counts labels for the life of the process. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>
#include <structmember.h>
#include <time.h>

#ifndef TALLY_SLOTS
#define TALLY_SLOTS 4
#endif

static PyObject *totals;     /* label -> int */
static PyObject *canonical;  /* label -> the one str object used for it */
static PyObject *observer;   /* weak reference to a callable, or NULL */
static unsigned long counted;

/* ---- totals ---- */

static int tell_observer(PyObject *label)
{
    PyObject *target, *result;
    if (observer == NULL) return 0;
    target = PyWeakref_GetObject(observer); /* expect: FT111 */
    if (target == Py_None) return 0;
    result = PyObject_CallOneArg(target, label);
    if (result == NULL) return -1;
    Py_DECREF(result);
    return 0;
}

static long total_of(PyObject *label)
{
    PyObject *found = PyDict_GetItemWithError(totals, label); /* expect: FT101 */
    if (found == NULL) return PyErr_Occurred() ? -1 : 0;
    return PyLong_AsLong(found);
}

static int raise_total(PyObject *label, long by)
{
    PyObject *total;
    long before = total_of(label);
    int failed;
    if (before == -1 && PyErr_Occurred()) return -1;
    total = PyLong_FromLong(before + by);
    if (total == NULL) return -1;
    failed = PyDict_SetItem(totals, label, total);
    Py_DECREF(total);
    counted++; /* expect: FT201 */
    return failed;
}

/* The same str object for equal labels, so that later look-ups compare by identity. */
static PyObject *canonical_label(PyObject *label)
{
    PyObject *known = PyDict_GetItem(canonical, label); /* expect: FT102 FT109 */
    if (known != NULL) {
        Py_INCREF(known);
        return known;
    }
    if (PyDict_SetItem(canonical, label, label) < 0) return NULL;
    Py_INCREF(label);
    return label;
}

PyDoc_STRVAR(count_doc, "count(label, by=1)\n--\n\nAdds to the total of a label and returns it.");

static PyObject *tally_count(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"label", "by", NULL};
    PyObject *label;
    long by = 1, total;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "U|l:count", names, &label, &by)) return NULL;
    label = canonical_label(label);
    if (label == NULL) return NULL;
    if (raise_total(label, by) < 0 || tell_observer(label) < 0) {
        Py_DECREF(label);
        return NULL;
    }
    total = total_of(label);
    Py_DECREF(label);
    return PyLong_FromLong(total);
}

PyDoc_STRVAR(merge_doc, "merge(counts)\n--\n\nAdds the counts of a dict.");

static PyObject *tally_merge(PyObject *module, PyObject *counts)
{
    PyObject *label, *by;
    Py_ssize_t pos = 0;
    if (!PyDict_Check(counts)) {
        PyErr_SetString(PyExc_TypeError, "merge() needs a dict");
        return NULL;
    }
    while (PyDict_Next(counts, &pos, &label, &by)) { /* expect: FT104 */
        long number = PyLong_AsLong(by);
        if (number == -1 && PyErr_Occurred()) return NULL;
        if (raise_total(label, number) < 0) return NULL;
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(top_doc, "top(n)\n--\n\nThe n labels with the highest totals, as a list of (total, label).");

static PyObject *tally_top(PyObject *module, PyObject *arg)
{
    PyObject *label, *total, *pairs, *best;
    Py_ssize_t pos = 0, n = PyLong_AsSsize_t(arg);
    if (n == -1 && PyErr_Occurred()) return NULL;
    pairs = PyList_New(0);
    if (pairs == NULL) return NULL;
    while (PyDict_Next(totals, &pos, &label, &total)) { /* expect: FT104 */
        PyObject *pair = PyTuple_Pack(2, total, label);
        if (pair == NULL || PyList_Append(pairs, pair) < 0) {
            Py_XDECREF(pair);
            Py_DECREF(pairs);
            return NULL;
        }
        Py_DECREF(pair);
    }
    if (PyList_Sort(pairs) < 0 || PyList_Reverse(pairs) < 0) {
        Py_DECREF(pairs);
        return NULL;
    }
    best = PyList_GetSlice(pairs, 0, n);
    Py_DECREF(pairs);
    return best;
}

PyDoc_STRVAR(clear_doc, "clear()\n--\n\nForgets everything.");

static PyObject *tally_clear(PyObject *module, PyObject *unused)
{
    PyDict_Clear(totals);
    PyDict_Clear(canonical);
    counted = 0;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(known_doc, "known(label)\n--\n\nWhether a label was ever counted.");

static PyObject *tally_known(PyObject *module, PyObject *label)
{
    if (PyDict_GetItem(totals, label) == NULL) Py_RETURN_FALSE;
    Py_RETURN_TRUE;
}

PyDoc_STRVAR(observe_doc, "observe(callable)\n--\n\nCalls it with every label counted, for as long as it lives.");

static PyObject *tally_observe(PyObject *module, PyObject *callable)
{
    PyObject *old = observer;
    if (callable == Py_None) {
        observer = NULL; /* expect: FT205 */
    } else {
        PyObject *reference = PyWeakref_NewRef(callable, NULL);
        if (reference == NULL) return NULL;
        observer = reference;
    }
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

/* ---- reports ---- */

static const char *line_of(const char *label, long total)
{
    static char line[160];
    snprintf(line, sizeof line, "%-40.100s %12ld", label, total); /* expect: FT202 */
    return line;
}

PyDoc_STRVAR(line_doc, "line(label)\n--\n\nThe label and its total as one line of a report.");

static PyObject *tally_line(PyObject *module, PyObject *label)
{
    const char *text = PyUnicode_AsUTF8(label);
    long total;
    if (text == NULL) return NULL;
    total = total_of(label);
    if (total == -1 && PyErr_Occurred()) return NULL;
    return PyUnicode_FromString(line_of(text, total));
}

PyDoc_STRVAR(stamp_doc, "stamp(seconds)\n--\n\nA time as a report shows it.");

static PyObject *tally_stamp(PyObject *module, PyObject *arg)
{
    char text[64];
    time_t when = (time_t)PyLong_AsLongLong(arg);
    struct tm *parts;
    if (when == (time_t)-1 && PyErr_Occurred()) return NULL;
    parts = localtime(&when); /* expect: FT801 */
    if (parts == NULL) return PyErr_SetFromErrno(PyExc_OSError);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M", parts);
    return PyUnicode_FromString(text);
}

PyDoc_STRVAR(print_doc, "print_line(label)\n--\n\nWrites the line of a label to sys.stdout.");

static PyObject *tally_print_line(PyObject *module, PyObject *label)
{
    PyObject *line, *out = PySys_GetObject("stdout"); /* expect: FT110 */
    int failed;
    if (out == NULL || out == Py_None) Py_RETURN_NONE;
    line = tally_line(module, label);
    if (line == NULL) return NULL;
    failed = PyFile_WriteObject(line, out, Py_PRINT_RAW) < 0 || PyFile_WriteString("\n", out) < 0;
    Py_DECREF(line);
    if (failed) return NULL;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(read_doc, "read(text)\n--\n\nCounts the words of a text and returns how many there were.");

static PyObject *tally_read(PyObject *module, PyObject *arg)
{
    long words = 0;
    const char *text = PyUnicode_AsUTF8(arg);
    char *copy, *word;
    if (text == NULL) return NULL;
    copy = PyObject_Malloc(strlen(text) + 1); /* expect: FT604 */
    if (copy == NULL) return PyErr_NoMemory();
    strcpy(copy, text);
    for (word = strtok(copy, " \t\n"); word != NULL; word = strtok(NULL, " \t\n")) { /* expect: FT801 FT801 */
        PyObject *label = PyUnicode_FromString(word);
        if (label == NULL || raise_total(label, 1) < 0) {
            Py_XDECREF(label);
            PyObject_Free(copy);
            return NULL;
        }
        Py_DECREF(label);
        words++;
    }
    PyObject_Free(copy);
    return PyLong_FromLong(words);
}

/* ---- lists of numbers ---- */

PyDoc_STRVAR(sum_doc, "sum(numbers)\n--\n\nSum of a sequence of numbers.");

static PyObject *tally_sum(PyObject *module, PyObject *numbers)
{
    double sum = 0;
    Py_ssize_t i;
    PyObject *fast = PySequence_Fast(numbers, "sum() needs a sequence"); /* expect: FT106 */
    if (fast == NULL) return NULL;
    for (i = 0; i < PySequence_Fast_GET_SIZE(fast); i++) {
        double value = PyFloat_AsDouble(PySequence_Fast_GET_ITEM(fast, i));
        if (value == -1 && PyErr_Occurred()) {
            Py_DECREF(fast);
            return NULL;
        }
        sum += value;
    }
    Py_DECREF(fast);
    return PyFloat_FromDouble(sum);
}

PyDoc_STRVAR(extended_doc, "extended(first, second)\n--\n\nfirst + second; in place where nobody else has first.");

static PyObject *tally_extended(PyObject *module, PyObject *args)
{
    PyObject *first, *second;
    if (!PyArg_ParseTuple(args, "O!O!:extended", &PyList_Type, &first, &PyList_Type, &second)) return NULL;
    if (Py_REFCNT(first) == 1) { /* expect: FT601 */
        Py_ssize_t size = PyList_GET_SIZE(first);
        if (PyList_SetSlice(first, size, size, second) < 0) return NULL;
        return Py_NewRef(first);
    }
    return PySequence_Concat(first, second);
}

PyDoc_STRVAR(rotate_doc, "rotate(items)\n--\n\nMoves the first item of a list to its end.");

static PyObject *tally_rotate(PyObject *module, PyObject *items)
{
    PyObject *first;
    Py_ssize_t i, size;
    if (!PyList_Check(items)) {
        PyErr_SetString(PyExc_TypeError, "rotate() needs a list");
        return NULL;
    }
    size = PyList_GET_SIZE(items);
    if (size < 2) Py_RETURN_NONE;
    first = PyList_GET_ITEM(items, 0); /* expect: FT107 */
    for (i = 1; i < size; i++) PyList_SET_ITEM(items, i - 1, PyList_GET_ITEM(items, i)); /* expect: FT107 FT107 */
    PyList_SET_ITEM(items, size - 1, first); /* expect: FT107 */
    Py_RETURN_NONE;
}

/* ---- Meter ---- */

typedef struct {
    PyObject_HEAD
    PyObject *label;
    long hits;
    double *recent;
    Py_ssize_t size, capacity;
} Meter;

static int Meter_init(Meter *self, PyObject *args, PyObject *kwargs)
{
    PyObject *label;
    if (!PyArg_ParseTuple(args, "U:Meter", &label)) return -1;
    Py_XSETREF(self->label, Py_NewRef(label)); /* expect: FT309 */
    PyMem_Free(self->recent);
    self->recent = PyMem_New(double, TALLY_SLOTS);
    if (self->recent == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->size = self->hits = 0;
    self->capacity = TALLY_SLOTS;
    return 0;
}

static void Meter_dealloc(Meter *self)
{
    PyMem_Free(self->recent);
    Py_XDECREF(self->label);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *Meter_hit(Meter *self, PyObject *arg)
{
    double value = PyFloat_AsDouble(arg);
    if (value == -1 && PyErr_Occurred()) return NULL;
    if (self->size == self->capacity) {
        double *larger = PyMem_Resize(self->recent, double, self->capacity * 2); /* expect: FT301 */
        if (larger == NULL) return PyErr_NoMemory();
        self->capacity *= 2;
    }
    self->recent[self->size++] = value;
    self->hits++;
    Py_RETURN_NONE;
}

static PyObject *Meter_mean(Meter *self, PyObject *unused)
{
    double sum = 0;
    Py_ssize_t i;
    for (i = 0; i < self->size; i++) sum += self->recent[i];
    return PyFloat_FromDouble(self->size ? sum / (double)self->size : 0);
}

static PyObject *Meter_get_label(Meter *self, void *closure)
{
    return Py_NewRef(self->label ? self->label : Py_None); /* side: FT302 */
}

static int Meter_set_label(Meter *self, PyObject *label, void *closure)
{
    if (label == NULL || !PyUnicode_Check(label)) {
        PyErr_SetString(PyExc_TypeError, "the label must be a str");
        return -1;
    }
    Py_XSETREF(self->label, Py_NewRef(label)); /* expect: FT302 */
    return 0;
}

static PyMethodDef Meter_methods[] = {
    {"hit", (PyCFunction)Meter_hit, METH_O, "Keeps a value."},
    {"mean", (PyCFunction)Meter_mean, METH_NOARGS, "Mean of the values kept."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef Meter_getset[] = {
    {"label", (getter)Meter_get_label, (setter)Meter_set_label, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyMemberDef Meter_members[] = {
    {"hits", T_LONG, offsetof(Meter, hits), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyTypeObject Meter_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "tally.Meter",
    .tp_basicsize = sizeof(Meter),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)Meter_init,
    .tp_dealloc = (destructor)Meter_dealloc,
    .tp_methods = Meter_methods,
    .tp_getset = Meter_getset,
    .tp_members = Meter_members,
};

/* ---- the module ---- */

static PyMethodDef methods[] = {
    {"count", (PyCFunction)(void (*)(void))tally_count, METH_VARARGS | METH_KEYWORDS, count_doc},
    {"merge", tally_merge, METH_O, merge_doc},
    {"top", tally_top, METH_O, top_doc},
    {"clear", tally_clear, METH_NOARGS, clear_doc},
    {"known", tally_known, METH_O, known_doc},
    {"observe", tally_observe, METH_O, observe_doc},
    {"line", tally_line, METH_O, line_doc},
    {"stamp", tally_stamp, METH_O, stamp_doc},
    {"print_line", tally_print_line, METH_O, print_doc},
    {"read", tally_read, METH_O, read_doc},
    {"sum", tally_sum, METH_O, sum_doc},
    {"extended", tally_extended, METH_VARARGS, extended_doc},
    {"rotate", tally_rotate, METH_O, rotate_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "tally", .m_doc = "Counts labels.", .m_size = -1, .m_methods = methods,
};

PyMODINIT_FUNC PyInit_tally(void)
{
    PyObject *module;
    if (PyType_Ready(&Meter_Type) < 0) return NULL;
    totals = PyDict_New();
    canonical = PyDict_New();
    if (totals == NULL || canonical == NULL) return NULL;
    module = PyModule_Create(&definition); /* expect: FT002 */
    if (module == NULL) return NULL;
    if (PyModule_AddObjectRef(module, "totals", totals) < 0 ||
        PyModule_AddObjectRef(module, "Meter", (PyObject *)&Meter_Type) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
