// What is written under the condition has a lock of its own.
#include <Python.h>

static PyMutex mutex;
static long total;

static PyObject *f(PyObject *module, PyObject *arg)
{
    long n = 0;
    if (PyGILState_Check()) {
        PyMutex_Lock(&mutex);
        n = ++total;
        PyMutex_Unlock(&mutex);
    }
    return PyLong_FromLong(n);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
