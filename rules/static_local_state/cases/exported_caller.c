// The callers that are known hold the lock; another function that calls it is exported, and nobody here calls that one.
#include <Python.h>

static PyMutex mutex;

static long next_locked(void)
{
    static long id;
    return ++id;
}

long library_next(void) { return next_locked(); }

static PyObject *f(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&mutex);
    long id = next_locked();
    PyMutex_Unlock(&mutex);
    return PyLong_FromLong(id);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
