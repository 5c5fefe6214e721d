// A try-lock that fails says EBUSY: who leaves then has the lock after that. Any other number says nothing of it.
#include <Python.h>
#include <errno.h>
#include <pthread.h>

typedef struct { PyObject_HEAD pthread_mutex_t gate; long count, other; } T;

static PyObject *t_tried(T *self, PyObject *unused)
{
    int status = pthread_mutex_trylock(&self->gate);
    if (status == EBUSY) Py_RETURN_NONE;
    self->count++;
    pthread_mutex_unlock(&self->gate);
    Py_RETURN_NONE;
}
static PyObject *t_spun(T *self, PyObject *unused)
{
    while (pthread_mutex_trylock(&self->gate) == EBUSY) {
        Py_BEGIN_ALLOW_THREADS
        Py_END_ALLOW_THREADS
    }
    long count = self->count;
    pthread_mutex_unlock(&self->gate);
    return PyLong_FromLong(count);
}
static PyObject *t_waited(T *self, PyObject *unused)
{
    if (EBUSY == pthread_mutex_trylock(&self->gate)) {
        Py_BEGIN_ALLOW_THREADS
        pthread_mutex_lock(&self->gate);
        Py_END_ALLOW_THREADS
    }
    long count = self->count;
    pthread_mutex_unlock(&self->gate);
    return PyLong_FromLong(count);
}
static PyObject *t_mistaken(T *self, PyObject *unused)
{
    int status = pthread_mutex_trylock(&self->gate);
    if (status == EINVAL) Py_RETURN_NONE;
    self->other++;  // expect: FT301
    if (status == 0) pthread_mutex_unlock(&self->gate);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"tried", (PyCFunction)t_tried, METH_NOARGS, NULL},
    {"spun", (PyCFunction)t_spun, METH_NOARGS, NULL},
    {"waited", (PyCFunction)t_waited, METH_NOARGS, NULL},
    {"mistaken", (PyCFunction)t_mistaken, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.T", .tp_basicsize = sizeof(T), .tp_methods = methods};
