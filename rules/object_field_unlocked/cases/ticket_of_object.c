// A ticket lock in the object: the next number is called by a store.
#include <Python.h>
#include <stdatomic.h>
typedef struct { _Atomic unsigned next, serving; } Ticket;
typedef struct {
    PyObject_HEAD
    Ticket ticket;
    long total;
} Box;

static PyObject *Box_add(Box *self, PyObject *arg)
{
    unsigned mine = atomic_fetch_add_explicit(&self->ticket.next, 1, memory_order_relaxed);
    while (atomic_load_explicit(&self->ticket.serving, memory_order_acquire) != mine) sched_yield();
    self->total++;
    atomic_store_explicit(&self->ticket.serving, mine + 1, memory_order_release);
    Py_RETURN_NONE;
}

static PyMethodDef Box_methods[] = {
    {"Box_add", (PyCFunction)Box_add, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Box_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Box",
    .tp_basicsize = sizeof(Box),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = Box_methods,
    .tp_new = PyType_GenericNew,
};
static int add_types(PyObject *module)
{
    return PyModule_AddType(module, &Box_Type);
}
static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)add_types}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
