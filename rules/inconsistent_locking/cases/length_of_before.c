// A length or an index of one locked stretch says in the next where to look. Whoever looks at it again is right.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex gate; long *items; char *data; Py_ssize_t used, size, ever; } T;

static PyObject *t_clear(T *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    self->used = self->size = 0;
    PyMutex_Unlock(&self->gate);
    Py_RETURN_NONE;
}
static PyObject *t_count(T *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    self->ever++;
    PyMutex_Unlock(&self->gate);
    Py_RETURN_NONE;
}
static PyObject *t_last(T *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    Py_ssize_t at = self->used - 1;
    PyMutex_Unlock(&self->gate);
    PyMutex_Lock(&self->gate);
    long last = self->items[at];  // expect: FT303
    PyMutex_Unlock(&self->gate);
    return PyLong_FromLong(last);
}
static PyObject *t_sum(T *self, PyObject *unused)
{
    long sum = 0;
    PyMutex_Lock(&self->gate);
    Py_ssize_t used = self->used;
    PyMutex_Unlock(&self->gate);
    PyMutex_Lock(&self->gate);
    for (Py_ssize_t i = 0; i < used; i++) sum += self->items[i];  // expect: FT303
    PyMutex_Unlock(&self->gate);
    return PyLong_FromLong(sum);
}
static PyObject *t_copy(T *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    Py_ssize_t size = self->size;
    PyMutex_Unlock(&self->gate);
    PyObject *out = PyBytes_FromStringAndSize(NULL, size);
    if (out == NULL) return NULL;
    PyMutex_Lock(&self->gate);
    memcpy(PyBytes_AS_STRING(out), self->data, size);  // expect: FT303
    PyMutex_Unlock(&self->gate);
    return out;
}
static PyObject *t_checked(T *self, PyObject *unused)
{
    PyObject *out = NULL;
    PyMutex_Lock(&self->gate);
    Py_ssize_t size = self->size;
    PyMutex_Unlock(&self->gate);
    if ((out = PyBytes_FromStringAndSize(NULL, size)) == NULL) return NULL;
    PyMutex_Lock(&self->gate);
    if (size == self->size) memcpy(PyBytes_AS_STRING(out), self->data, size);
    else Py_CLEAR(out);
    PyMutex_Unlock(&self->gate);
    return out;
}
static PyObject *t_read_again(T *self, PyObject *unused)
{
    long last = 0;
    PyMutex_Lock(&self->gate);
    Py_ssize_t at = self->used - 1;
    PyMutex_Unlock(&self->gate);
    if (at < 0) Py_RETURN_NONE;
    PyMutex_Lock(&self->gate);
    if (at < self->used) last = self->items[at];
    PyMutex_Unlock(&self->gate);
    return PyLong_FromLong(last);
}
static PyObject *t_only_grows(T *self, PyObject *unused)
{
    PyMutex_Lock(&self->gate);
    Py_ssize_t at = self->ever;
    PyMutex_Unlock(&self->gate);
    PyMutex_Lock(&self->gate);
    long last = self->items[at];
    PyMutex_Unlock(&self->gate);
    return PyLong_FromLong(last);
}

static PyMethodDef methods[] = {
    {"clear", (PyCFunction)t_clear, METH_NOARGS, NULL},
    {"count", (PyCFunction)t_count, METH_NOARGS, NULL},
    {"last", (PyCFunction)t_last, METH_NOARGS, NULL},
    {"sum", (PyCFunction)t_sum, METH_NOARGS, NULL},
    {"copy", (PyCFunction)t_copy, METH_NOARGS, NULL},
    {"checked", (PyCFunction)t_checked, METH_NOARGS, NULL},
    {"read_again", (PyCFunction)t_read_again, METH_NOARGS, NULL},
    {"only_grows", (PyCFunction)t_only_grows, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject T_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.T", .tp_basicsize = sizeof(T), .tp_methods = methods};
