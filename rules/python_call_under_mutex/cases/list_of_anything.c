// A list that holds what Python gave: letting it go runs the code of whatever is in it.
#include <Python.h>

typedef struct {
    PyObject *chunks;
} Output;

typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    Output output;
} Packer;

static PyObject *put(PyObject *op, PyObject *chunk)
{
    Packer *self = (Packer *)op;
    int result = -1;
    PyMutex_Lock(&self->mutex);
    if (self->output.chunks == NULL) self->output.chunks = PyList_New(0);
    if (self->output.chunks != NULL) result = PyList_Append(self->output.chunks, chunk);
    PyMutex_Unlock(&self->mutex);
    if (result < 0) return NULL;
    Py_RETURN_NONE;
}

static PyObject *drop(PyObject *op, PyObject *unused)
{
    Packer *self = (Packer *)op;
    PyMutex_Lock(&self->mutex);
    Py_XDECREF(self->output.chunks);  // expect: FT405
    self->output.chunks = NULL;
    PyMutex_Unlock(&self->mutex);
    Py_RETURN_NONE;
}

static PyMethodDef packer_methods[] = {
    {"put", put, METH_O, NULL},
    {"drop", drop, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot packer_slots[] = {{Py_tp_methods, packer_methods}, {0, NULL}};
static PyType_Spec packer_spec = {"m.Packer", sizeof(Packer), 0, Py_TPFLAGS_DEFAULT, packer_slots};

static int m_exec(PyObject *module) { return PyModule_Add(module, "Packer", PyType_FromSpec(&packer_spec)); }

static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
