// A type that nobody locks is one finding, and each of its methods a side: those too that only read, and the helper.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    double *readings;
    Py_ssize_t filled, room;
} Gauge;

static void push_reading(Gauge *self, double value)
{
    if (self->filled < self->room) self->readings[self->filled++] = value;  // side: FT301
}
static PyObject *Gauge_add(Gauge *self, PyObject *value)
{
    push_reading(self, PyFloat_AsDouble(value));
    Py_RETURN_NONE;
}
static PyObject *Gauge_widen(Gauge *self, PyObject *unused)
{
    double *wider = PyMem_Realloc(self->readings, (size_t)(self->room + 16) * sizeof(double));  // side: FT301
    if (wider == NULL) return PyErr_NoMemory();
    self->readings = wider;  // expect: FT301
    self->room += 16;  // side: FT301
    Py_RETURN_NONE;
}
static PyObject *Gauge_last(Gauge *self, PyObject *unused)
{
    return PyFloat_FromDouble(self->filled ? self->readings[self->filled - 1] : 0);  // side: FT301
}
static PyObject *Gauge_len(Gauge *self, PyObject *unused)
{
    return PyLong_FromSsize_t(self->filled);  // side: FT301
}
static PyObject *Gauge_room(Gauge *self, PyObject *unused)
{
    Py_ssize_t room;
    Py_BEGIN_CRITICAL_SECTION(self);
    room = self->room;  // no-side: FT301
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(room);
}
static void Gauge_dealloc(Gauge *self)
{
    PyMem_Free(self->readings);  // no-side: FT301
    Py_TYPE(self)->tp_free((PyObject *)self);
}
static PyMethodDef Gauge_methods[] = {
    {"add", (PyCFunction)Gauge_add, METH_O, NULL},
    {"widen", (PyCFunction)Gauge_widen, METH_NOARGS, NULL},
    {"last", (PyCFunction)Gauge_last, METH_NOARGS, NULL},
    {"len", (PyCFunction)Gauge_len, METH_NOARGS, NULL},
    {"room", (PyCFunction)Gauge_room, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Gauge_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "gauges.Gauge",
    .tp_basicsize = sizeof(Gauge),
    .tp_methods = Gauge_methods,
    .tp_dealloc = (destructor)Gauge_dealloc,
    .tp_new = PyType_GenericNew,
};
static int gauges_exec(PyObject *module) { return PyModule_AddType(module, &Gauge_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)gauges_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "gauges", .m_slots = slots};
PyMODINIT_FUNC PyInit_gauges(void) { return PyModuleDef_Init(&definition); }
