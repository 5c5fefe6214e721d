// A struct on the stack names the lock and what is behind it for a helper. One that names another lock helps nobody.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex gate, other; long count, rest; } T;
typedef struct { PyMutex *gate; long *where; } Job;

static void run(Job *job, long more)
{
    PyMutex_Lock(job->gate);
    *job->where += more;
    PyMutex_Unlock(job->gate);
}
static PyObject *t_add(T *self, PyObject *object)
{
    Job job = {.gate = &self->gate, .where = &self->count};
    run(&job, PyLong_AsLong(object));
    Py_RETURN_NONE;
}
static PyObject *t_get(T *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    long count = self->count;
    PyMutex_Unlock(&self->gate);
    return PyLong_FromLong(count);
}
static PyObject *t_bare(T *self, PyObject *unused)
{
    return PyLong_FromLong(self->count);  // expect: FT303
}

static PyMethodDef methods[] = {
    {"add", (PyCFunction)t_add, METH_O, NULL},
    {"get", (PyCFunction)t_get, METH_NOARGS, NULL},
    {"bare", (PyCFunction)t_bare, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.T", .tp_basicsize = sizeof(T), .tp_methods = methods};
