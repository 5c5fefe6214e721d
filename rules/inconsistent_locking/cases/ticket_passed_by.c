// One of two goes without a number.
#include <Python.h>
#include <stdatomic.h>
static atomic_uint next_ticket, serving;
static long total;

static void lock(void)
{
    unsigned mine = atomic_fetch_add(&next_ticket, 1);
    while (atomic_load(&serving) != mine) {}
}
static void unlock(void) { atomic_fetch_add(&serving, 1); }

static PyObject *f(PyObject *module, PyObject *arg)
{
    lock();
    total++;
    unlock();
    Py_RETURN_NONE;
}
static PyObject *g(PyObject *module, PyObject *unused) { return PyLong_FromLong(total++); }  // expect: FT303

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
