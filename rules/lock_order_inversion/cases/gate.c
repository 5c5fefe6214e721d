// Both orders, but only one thread at a time gets that far.
#include <Python.h>

static PyMutex gate, a, b;
static long n;

static PyObject *count_ab(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&gate);
    PyMutex_Lock(&a);
    PyMutex_Lock(&b);
    n++;
    PyMutex_Unlock(&b);
    PyMutex_Unlock(&a);
    PyMutex_Unlock(&gate);
    Py_RETURN_NONE;
}

static PyObject *count_ba(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&gate);
    PyMutex_Lock(&b);
    PyMutex_Lock(&a);
    n++;
    PyMutex_Unlock(&a);
    PyMutex_Unlock(&b);
    PyMutex_Unlock(&gate);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"ab", count_ab, METH_NOARGS, NULL},
    {"ba", count_ba, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "count", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_count(void) { return PyModuleDef_Init(&definition); }
