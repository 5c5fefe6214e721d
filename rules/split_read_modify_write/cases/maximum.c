// A maximum kept with a test and a store; with builtins of the compiler.
#include <Python.h>
#include <stdatomic.h>

static atomic_long highest;
static long flags;

static PyObject *f(PyObject *module, PyObject *number)
{
    long n = PyLong_AsLong(number);
    if (atomic_load(&highest) < n) atomic_store(&highest, n);  // expect: FT703
    __atomic_store_n(&flags, __atomic_load_n(&flags, __ATOMIC_RELAXED) | n, __ATOMIC_RELAXED);  // expect: FT703
    __atomic_fetch_or(&flags, n, __ATOMIC_RELAXED);
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
