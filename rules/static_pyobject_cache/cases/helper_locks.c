// The lock is taken and given back by helpers; the module's section; a helper whose callers hold it.
#include <Python.h>

static PyMutex mutex;
static PyObject *first, *second;

static void lock(void) { PyMutex_Lock(&mutex); }
static void unlock(void) { PyMutex_Unlock(&mutex); }

static PyObject *first_locked(void)
{
    if (first == NULL) first = PyDict_New();
    return Py_XNewRef(first);
}

static PyObject *f(PyObject *module, PyObject *unused)
{
    lock();
    PyObject *out = first_locked();
    unlock();
    return out;
}

static PyObject *g(PyObject *module, PyObject *unused)
{
    PyObject *out;
    Py_BEGIN_CRITICAL_SECTION(module);
    if (second == NULL) second = PyList_New(0);
    out = Py_XNewRef(second);
    Py_END_CRITICAL_SECTION();
    return out;
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {"g", g, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
