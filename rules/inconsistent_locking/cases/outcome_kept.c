// What a try-lock came to is kept as a comparison, negated, or asked by a switch: where it was taken it is held.
#include <Python.h>
#include <pthread.h>

typedef struct {
    PyObject_HEAD
    pthread_mutex_t mutex;
    long level;
} Tank;

static PyObject *fill(Tank *self, PyObject *Py_UNUSED(ignored))
{
    int got = pthread_mutex_trylock(&self->mutex) == 0;
    if (!got) Py_RETURN_FALSE;
    self->level++;
    pthread_mutex_unlock(&self->mutex);
    Py_RETURN_TRUE;
}

static int enter(Tank *self)
{
    switch (pthread_mutex_trylock(&self->mutex)) {
    case 0:
        return 0;
    case 16:
        PyErr_SetString(PyExc_RuntimeError, "in use");
        return -1;
    default:
        PyErr_SetString(PyExc_OSError, "no lock");
        return -1;
    }
}

static PyObject *drain(Tank *self, PyObject *Py_UNUSED(ignored))
{
    int ok = !enter(self);
    if (!ok) return NULL;
    self->level = 0;
    pthread_mutex_unlock(&self->mutex);
    Py_RETURN_NONE;
}

static PyObject *level(Tank *self, PyObject *Py_UNUSED(ignored))
{
    int got = pthread_mutex_trylock(&self->mutex) == 0;
    long now = self->level;  // expect: FT303
    if (got) pthread_mutex_unlock(&self->mutex);
    return PyLong_FromLong(now);
}

static PyMethodDef methods[] = {
    {"fill", (PyCFunction)fill, METH_NOARGS, NULL},
    {"drain", (PyCFunction)drain, METH_NOARGS, NULL},
    {"level", (PyCFunction)level, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Tank_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "works.Tank",
    .tp_basicsize = sizeof(Tank),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = methods,
};
static PyModuleDef works = {PyModuleDef_HEAD_INIT, .m_name = "works"};
PyMODINIT_FUNC PyInit_works(void)
{
    return PyType_Ready(&Tank_Type) < 0 ? NULL : PyModule_Create(&works);
}
