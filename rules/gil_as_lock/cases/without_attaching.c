// The thread does not attach at all; Python code used to be the only one that could.
#include <Python.h>
#include <pthread.h>

static double latest;

static void *sample(void *unused)
{
    latest = 1.5;  // expect: FT502
    return NULL;
}

static PyObject *f(PyObject *module, PyObject *unused)
{
    pthread_t thread;
    pthread_create(&thread, NULL, sample, NULL);
    pthread_detach(thread);
    Py_RETURN_NONE;
}

static PyObject *g(PyObject *module, PyObject *unused) { return PyFloat_FromDouble(latest); }

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {"g", g, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
