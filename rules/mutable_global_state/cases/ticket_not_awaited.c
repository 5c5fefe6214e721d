// A number is drawn, and nobody waits for it.
#include <Python.h>
#include <stdatomic.h>
static atomic_uint next_ticket, serving;
static long total;

static PyObject *f(PyObject *module, PyObject *arg)
{
    unsigned mine = atomic_fetch_add(&next_ticket, 1);
    if (atomic_load(&serving) != mine) sched_yield();
    total++;  // expect: FT201
    atomic_store(&serving, mine + 1);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
