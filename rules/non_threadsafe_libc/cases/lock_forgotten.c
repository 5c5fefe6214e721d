// One caller holds the lock and the other does not.
#include <Python.h>
#include <time.h>

static PyMutex lock;

static PyObject *f(PyObject *module, PyObject *unused)
{
    time_t now = 0;
    PyMutex_Lock(&lock);
    int hour = localtime(&now)->tm_hour;
    PyMutex_Unlock(&lock);
    return PyLong_FromLong(hour);
}

static PyObject *g(PyObject *module, PyObject *unused)
{
    time_t now = 0;
    return PyLong_FromLong(localtime(&now)->tm_min);  // expect: FT801
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
