// A free slot is looked for, each under its own lock: who has come to the end of them holds none.
// Of `<=` it is not known that it is no `<`.
#include <Python.h>

#define SLOTS 8

typedef struct {
    PyMutex lock;
    int used;
} Slot;
static Slot table[SLOTS];

static PyObject *take(PyObject *module, PyObject *unused)
{
    int i;
    for (i = 0; i < SLOTS; i++) {
        PyMutex_Lock(&table[i].lock);
        if (!table[i].used) break;
        PyMutex_Unlock(&table[i].lock);
    }
    if (i == SLOTS) Py_RETURN_NONE;
    PyMutex_Unlock(&table[i].lock);
    return PyLong_FromLong(i);
}

static PyObject *take_below(PyObject *module, PyObject *most)
{
    long end = PyLong_AsLong(most), i;
    for (i = 0; i < end; i++) {
        PyMutex_Lock(&table[i].lock);
        if (!table[i].used) break;
        PyMutex_Unlock(&table[i].lock);
    }
    if (i >= end) Py_RETURN_NONE;
    PyMutex_Unlock(&table[i].lock);
    return PyLong_FromLong(i);
}

static PyObject *take_but_last(PyObject *module, PyObject *unused)
{
    int i;
    for (i = 0; i < SLOTS; i++) {
        PyMutex_Lock(&table[i].lock);
        if (!table[i].used) break;
        PyMutex_Unlock(&table[i].lock);
    }
    if (i == SLOTS) Py_RETURN_NONE;
    if (i == SLOTS - 1) Py_RETURN_NONE;  // expect: FT407
    PyMutex_Unlock(&table[i].lock);
    return PyLong_FromLong(i);
}

static PyObject *take_through(PyObject *module, PyObject *unused)
{
    int i;
    for (i = 0; i <= SLOTS - 1; i++) {
        PyMutex_Lock(&table[i].lock);
        if (!table[i].used) break;
        PyMutex_Unlock(&table[i].lock);
    }
    if (i == SLOTS - 1) Py_RETURN_NONE;  // missed: FT407
    if (i == SLOTS) Py_RETURN_NONE;  // false-alarm: FT407
    PyMutex_Unlock(&table[i].lock);
    return PyLong_FromLong(i);
}

static PyMethodDef methods[] = {
    {"take", take, METH_NOARGS, NULL},
    {"take_below", take_below, METH_O, NULL},
    {"take_but_last", take_but_last, METH_NOARGS, NULL},
    {"take_through", take_through, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "table", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_table(void) { return PyModuleDef_Init(&definition); }
