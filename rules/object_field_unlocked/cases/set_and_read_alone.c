// Numbers that are set one at a time, to what the caller says, and read once by who works with them: old at worst.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long long offset, grain;
} Alignment;

static PyObject *get(PyObject *op, void *which)
{
    Alignment *self = (Alignment *)op;
    return PyLong_FromLongLong(which ? self->grain : self->offset);
}

static int set(PyObject *op, PyObject *value, void *which)
{
    Alignment *self = (Alignment *)op;
    long long number = PyLong_AsLongLong(value);
    if (PyErr_Occurred()) return -1;
    if (which) self->grain = number;  // expect: FT301 (low)
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
    long long at = PyLong_AsLongLong(arg), offset = self->offset, grain = self->grain;
    if (PyErr_Occurred()) return NULL;
    return PyLong_FromLongLong(grain ? (at - offset + grain - 1) / grain * grain + offset : at);
}

static PyGetSetDef getset[] = {{"offset", get, set, NULL, NULL}, {"grain", get, set, NULL, "g"}, {NULL}};
static PyMethodDef methods[] = {{"align_up", align_up, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject AlignmentType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Alignment", .tp_basicsize = sizeof(Alignment),
    .tp_flags = Py_TPFLAGS_DEFAULT, .tp_new = PyType_GenericNew, .tp_init = alignment_init,
    .tp_getset = getset, .tp_methods = methods};

static int exec(PyObject *module) { return PyModule_AddType(module, &AlignmentType); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
