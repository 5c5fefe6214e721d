// The loop itself counts it down; one in a lock.
#include <Python.h>

static PyMutex mutex;
static int left, busy;

static PyObject *f(PyObject *module, PyObject *unused)
{
    while (left > 0) left--;
    PyMutex_Lock(&mutex);
    while (busy) {
        PyMutex_Unlock(&mutex);
        PyMutex_Lock(&mutex);
    }
    PyMutex_Unlock(&mutex);
    Py_RETURN_NONE;
}

static PyObject *g(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&mutex);
    busy = !busy;
    PyMutex_Unlock(&mutex);
    Py_RETURN_NONE;
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
