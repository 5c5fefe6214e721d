// A number that one call reads twice: what it tested is not what it divides by.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long long offset, grain;
} Alignment;

static int set(PyObject *op, PyObject *value, void *which)
{
    Alignment *self = (Alignment *)op;
    long long number = PyLong_AsLongLong(value);
    if (PyErr_Occurred()) return -1;
    if (which) self->grain = number;  // expect: FT301 (medium)
    else self->offset = number;
    return 0;
}

static int alignment_init(PyObject *op, PyObject *args, PyObject *kwargs)
{
    Alignment *self = (Alignment *)op;
    return PyArg_ParseTuple(args, "LL", &self->offset, &self->grain) ? 0 : -1;
}

static PyObject *align_up(PyObject *op, PyObject *arg)
{
    Alignment *self = (Alignment *)op;
    long long at = PyLong_AsLongLong(arg), offset = self->offset, grain;
    if (PyErr_Occurred()) return NULL;
    if (!self->grain) return PyLong_FromLongLong(at);
    grain = self->grain;
    long long up = (at - offset + grain - 1) / grain * grain;
    return PyLong_FromLongLong(up + offset);
}

static PyGetSetDef getset[] = {{"offset", NULL, set, NULL, NULL}, {"grain", NULL, set, NULL, "g"}, {NULL}};
static PyMethodDef methods[] = {{"align_up", align_up, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject AlignmentType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Alignment", .tp_basicsize = sizeof(Alignment),
    .tp_flags = Py_TPFLAGS_DEFAULT, .tp_new = PyType_GenericNew, .tp_init = alignment_init,
    .tp_getset = getset, .tp_methods = methods};

static int exec(PyObject *module) { return PyModule_AddType(module, &AlignmentType); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
