// Taken and given back under one condition, remembered in a flag, or asked again.
#include <Python.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long n;

static PyObject *count_flag(PyObject *module, PyObject *arg)
{
    int locked = 0;
    if (arg != Py_None) {
        pthread_mutex_lock(&mutex);
        locked = 1;
    }
    n++;
    if (locked) pthread_mutex_unlock(&mutex);
    Py_RETURN_NONE;
}

static PyObject *count_size(PyObject *module, PyObject *arg)
{
    Py_ssize_t size = PyObject_Length(arg);
    if (size < 0) return NULL;
    if (size > 2048) pthread_mutex_lock(&mutex);
    n += size;
    if (size > 2048) pthread_mutex_unlock(&mutex);
    Py_RETURN_NONE;
}

static PyObject *count_try(PyObject *module, PyObject *arg)
{
    int rc = pthread_mutex_trylock(&mutex);
    if (rc != 0) return PyErr_Format(PyExc_RuntimeError, "busy: %d", rc);
    n++;
    pthread_mutex_unlock(&mutex);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"flag", count_flag, METH_O, NULL},
    {"size", count_size, METH_O, NULL},
    {"attempt", count_try, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "count", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_count(void) { return PyModuleDef_Init(&definition); }
