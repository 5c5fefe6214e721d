// A lock under the question whether there is a mutex yet is the lock.
#include <Python.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t *mutex = NULL;
static int count;

#define LOCK                                     \
    if (mutex) {                                 \
        if (pthread_mutex_lock(mutex) < 0) exit(1); \
    }
#define UNLOCK                                     \
    if (mutex) {                                   \
        if (pthread_mutex_unlock(mutex) < 0) exit(1); \
    }

static PyObject *add(PyObject *module, PyObject *unused)
{
    int now;
    LOCK
    now = ++count;
    UNLOCK
    return PyLong_FromLong(now);
}

static PyMethodDef methods[] = {{"add", add, METH_NOARGS, NULL}, {NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "counter", NULL, -1, methods};

PyMODINIT_FUNC PyInit_counter(void)
{
    mutex = malloc(sizeof *mutex);
    pthread_mutex_init(mutex, NULL);
    return PyModule_Create(&module);
}
