// A struct that is set as one has all its members set: who reads one of them by its name reads what others are in the
// middle of writing, and the other way round. Copies on the stack are nobody else's.
#include <Python.h>
#include <string.h>

typedef struct { double low, high; } Range;
typedef struct {
    PyObject_HEAD
    PyMutex lock;
    Range limits;
    Range seen;
    long marks[4];
} Gauge;

static PyObject *gauge_limit(Gauge *self, PyObject *args)
{
    Range wanted;
    if (!PyArg_ParseTuple(args, "dd", &wanted.low, &wanted.high)) return NULL;
    PyMutex_Lock(&self->lock);
    self->limits = wanted;
    PyMutex_Unlock(&self->lock);
    Py_RETURN_NONE;
}
static PyObject *gauge_middle(Gauge *self, PyObject *unused)
{
    double low = self->limits.low;  // expect: FT303
    return PyFloat_FromDouble(low / 2);
}
static PyObject *gauge_width(Gauge *self, PyObject *unused)
{
    PyMutex_Lock(&self->lock);
    Range copy = self->limits;
    PyMutex_Unlock(&self->lock);
    return PyFloat_FromDouble(copy.high - copy.low);
}
static PyObject *gauge_see(Gauge *self, PyObject *value)
{
    double now = PyFloat_AsDouble(value);
    PyMutex_Lock(&self->lock);
    if (now < self->seen.low) self->seen.low = now;
    if (now > self->seen.high) self->seen.high = now;
    self->marks[0] = (long)now;
    PyMutex_Unlock(&self->lock);
    Py_RETURN_NONE;
}
static PyObject *gauge_forget(Gauge *self, PyObject *unused)
{
    PyMutex_Lock(&self->lock);
    memset(&self->seen, 0, sizeof self->seen);
    memset(self->marks, 0, sizeof self->marks);
    PyMutex_Unlock(&self->lock);
    Py_RETURN_NONE;
}
static PyObject *gauge_marks(Gauge *self, PyObject *unused)
{
    long out[4];
    PyMutex_Lock(&self->lock);
    memcpy(out, self->marks, sizeof out);
    PyMutex_Unlock(&self->lock);
    return PyLong_FromLong(out[0]);
}
static PyMethodDef gauge_methods[] = {
    {"limit", (PyCFunction)gauge_limit, METH_VARARGS, NULL},
    {"middle", (PyCFunction)gauge_middle, METH_NOARGS, NULL},
    {"width", (PyCFunction)gauge_width, METH_NOARGS, NULL},
    {"see", (PyCFunction)gauge_see, METH_O, NULL},
    {"forget", (PyCFunction)gauge_forget, METH_NOARGS, NULL},
    {"marks", (PyCFunction)gauge_marks, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Gauge_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "dials.Gauge",
    .tp_basicsize = sizeof(Gauge),
    .tp_methods = gauge_methods,
    .tp_new = PyType_GenericNew,
};
static int dials_exec(PyObject *module) { return PyModule_AddType(module, &Gauge_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)dials_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "dials", .m_slots = slots};
PyMODINIT_FUNC PyInit_dials(void) { return PyModuleDef_Init(&definition); }
