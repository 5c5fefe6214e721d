// Whoever only tries does not wait.
#include <Python.h>
#include <pthread.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static long n;

static PyObject *count_one(PyObject *module, PyObject *unused)
{
    pthread_mutex_lock(&a);
    pthread_mutex_lock(&b);
    n++;
    pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
    Py_RETURN_NONE;
}

static PyObject *count_two(PyObject *module, PyObject *unused)
{
    pthread_mutex_lock(&b);
    if (pthread_mutex_trylock(&a) == 0) {
        n++;
        pthread_mutex_unlock(&a);
    }
    pthread_mutex_unlock(&b);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"one", count_one, METH_NOARGS, NULL},
    {"two", count_two, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "count", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_count(void) { return PyModuleDef_Init(&definition); }
