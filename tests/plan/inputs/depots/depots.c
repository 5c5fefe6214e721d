#include <Python.h>

/* What lies in a depot: a block of its own, which is used detached. */
typedef struct {
    Py_ssize_t used;
    char bytes[256];
} Heap;

static void heap_fill(Heap *heap, const char *from, Py_ssize_t size)
{
    for (Py_ssize_t i = 0; i < size; i++)
        heap->bytes[(heap->used + i) % 256] ^= from[i];
    heap->used += size;
}

typedef struct {
    PyObject_HEAD
    Heap *heap;
} Depot;

typedef struct {
    PyObject_HEAD
    PyObject *porter;
    long rows, columns;
} Yard;

static PyTypeObject Depot_Type, Yard_Type;
static PyObject *closed_word;

static PyObject *depot_open(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    Depot *depot = PyObject_New(Depot, &Depot_Type);
    if (depot == NULL)
        return NULL;
    depot->heap = PyMem_Calloc(1, sizeof(Heap));
    if (depot->heap == NULL) {
        Py_DECREF(depot);
        return PyErr_NoMemory();
    }
    return (PyObject *)depot;
}

static void Depot_dealloc(Depot *self)
{
    PyMem_Free(self->heap);
    PyObject_Free(self);
}

static PyObject *Depot_fill(Depot *self, PyObject *from)
{
    char *bytes;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(from, &bytes, &size) < 0)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    heap_fill(self->heap, bytes, size);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyObject *Depot_used(Depot *self, PyObject *unused)
{
    (void)unused;
    return PyLong_FromSsize_t(self->heap->used);
}

static PyMethodDef Depot_methods[] = {
    {"fill", (PyCFunction)Depot_fill, METH_O, NULL},
    {"used", (PyCFunction)Depot_used, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject Depot_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "depots.Depot",
    .tp_basicsize = sizeof(Depot),
    .tp_dealloc = (destructor)Depot_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = Depot_methods,
};

static PyObject *Yard_appoint(Yard *self, PyObject *porter)
{
    PyObject *old = self->porter;
    Py_INCREF(porter);
    self->porter = porter;
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

/* Whoever is called may appoint another. */
static PyObject *Yard_call(Yard *self, PyObject *what)
{
    if (self->porter == NULL)
        Py_RETURN_NONE;
    return PyObject_CallFunctionObjArgs(self->porter, what, NULL);
}

static PyObject *Yard_word(Yard *self, PyObject *number)
{
    static PyObject *words = NULL;
    (void)self;
    if (words == NULL) {
        PyObject *first = PyUnicode_FromString("open");
        if (first == NULL)
            goto failed;
        words = PyTuple_Pack(1, first);
        Py_DECREF(first);
    }

    if (closed_word == NULL)
        closed_word = PyUnicode_InternFromString("closed");
    if (words == NULL || closed_word == NULL)
        goto failed;
    if (PyLong_AsLong(number) == 1) {
        Py_INCREF(closed_word);
        return closed_word;
    }
    Py_INCREF(words);
    return words;
failed:
    return NULL;
}

/* For somebody who has the yard as an argument, and for somebody who finds it in a tuple. */
static long yard_room(Yard *yard)
{
    return yard->rows * yard->columns;
}

static PyObject *Yard_widen(Yard *self, PyObject *unused)
{
    (void)unused;
    if (yard_room(self) > 1000)
        Py_RETURN_FALSE;
    self->rows += 1;
    self->columns += 2;
    Py_RETURN_TRUE;
}

static PyObject *first_large(PyObject *module, PyObject *yards)
{
    (void)module;
    for (Py_ssize_t i = 0; PyTuple_Check(yards) && i < PyTuple_GET_SIZE(yards); i++) {
        PyObject *yard = PyTuple_GET_ITEM(yards, i);
        if (Py_TYPE(yard) == &Yard_Type && yard_room((Yard *)yard) > 100)
            return PyLong_FromSsize_t(i);
    }
    Py_RETURN_NONE;
}

static PyMethodDef Yard_methods[] = {
    {"widen", (PyCFunction)Yard_widen, METH_NOARGS, NULL},
    {"appoint", (PyCFunction)Yard_appoint, METH_O, NULL},
    {"call", (PyCFunction)Yard_call, METH_O, NULL},
    {"word", (PyCFunction)Yard_word, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject Yard_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "depots.Yard",
    .tp_basicsize = sizeof(Yard),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = Yard_methods,
    .tp_new = PyType_GenericNew,
};

static PyMethodDef methods[] = {
    {"open", depot_open, METH_NOARGS, NULL},
    {"first_large", first_large, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static int exec(PyObject *module)
{
    if (PyType_Ready(&Depot_Type) < 0 || PyType_Ready(&Yard_Type) < 0)
        return -1;
    Py_INCREF(&Yard_Type);
    return PyModule_AddObject(module, "Yard", (PyObject *)&Yard_Type);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)exec},
    {0, NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "depots", NULL, 0, methods, slots, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_depots(void) { return PyModuleDef_Init(&definition); }
