// The module's section and a pthread mutex, from the store to the end of the call.
#include <Python.h>
#include <pthread.h>
#include <stdlib.h>

static long modulus, divisor;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int by_rest(const void *a, const void *b)
{
    return (int)(*(const long *)a % modulus - *(const long *)b % modulus);
}

static int by_share(const void *a, const void *b)
{
    return (int)(*(const long *)a / divisor - *(const long *)b / divisor);
}

static PyObject *f(PyObject *module, PyObject *arg)
{
    long numbers[] = {3, 1, 2};
    pthread_mutex_lock(&mutex);
    modulus = 2;
    qsort(numbers, 3, sizeof *numbers, by_rest);
    pthread_mutex_unlock(&mutex);
    Py_BEGIN_CRITICAL_SECTION(module);
    divisor = 3;
    qsort(numbers, 3, sizeof *numbers, by_share);
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(numbers[0]);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
