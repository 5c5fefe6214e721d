// Relaxed on both sides: no data race, but the table may be seen before its contents.
#include <Python.h>
#include <stdatomic.h>

static _Atomic(double *) table;
static PyMutex mutex;

static PyObject *f(PyObject *module, PyObject *unused)
{
    double *mine = atomic_load_explicit(&table, memory_order_relaxed);  // expect: FT204
    if (mine == NULL) {
        PyMutex_Lock(&mutex);
        mine = atomic_load_explicit(&table, memory_order_relaxed);
        if (mine == NULL) {
            mine = PyMem_RawCalloc(8, sizeof *mine);
            atomic_store_explicit(&table, mine, memory_order_relaxed);
        }
        PyMutex_Unlock(&mutex);
    }
    return PyFloat_FromDouble(mine ? mine[0] : 0);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
