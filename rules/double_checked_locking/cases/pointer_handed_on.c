// The one who loads the pointer hands it on to those who follow it. Stored relaxed, what it leads to may not be there
// yet for them; stored with release order and loaded with acquire order, it is.
#include <Python.h>
#include <stdatomic.h>

typedef struct { double rows[64]; } Table;
static _Atomic(Table *) early, proper;
static PyMutex making;

static Table *make(void)
{
    Table *made = PyMem_RawCalloc(1, sizeof(Table));
    for (int i = 0; made != NULL && i < 64; i++) made->rows[i] = i / 2.0;
    return made;
}
static Table *get_early(void)
{
    Table *t = atomic_load_explicit(&early, memory_order_relaxed);  // expect: FT204
    if (t != NULL) return t;
    PyMutex_Lock(&making);
    t = atomic_load_explicit(&early, memory_order_relaxed);
    if (t == NULL && (t = PyMem_RawCalloc(1, sizeof(Table))) != NULL) {
        for (int i = 0; i < 64; i++) t->rows[i] = i / 2.0;
        atomic_store_explicit(&early, t, memory_order_relaxed);
    }
    PyMutex_Unlock(&making);
    return t;
}
static Table *get_proper(void)
{
    Table *t = atomic_load_explicit(&proper, memory_order_acquire);
    if (t != NULL) return t;
    PyMutex_Lock(&making);
    t = atomic_load_explicit(&proper, memory_order_relaxed);
    if (t == NULL && (t = make()) != NULL) atomic_store_explicit(&proper, t, memory_order_release);
    PyMutex_Unlock(&making);
    return t;
}
static PyObject *f(PyObject *module, PyObject *arg)
{
    Table *t = get_early();
    if (t == NULL) return PyErr_NoMemory();
    return PyFloat_FromDouble(t->rows[PyLong_AsLong(arg) & 63]);
}
static PyObject *g(PyObject *module, PyObject *arg)
{
    Table *t = get_proper();
    if (t == NULL) return PyErr_NoMemory();
    return PyFloat_FromDouble(t->rows[PyLong_AsLong(arg) & 63]);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
