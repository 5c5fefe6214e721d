// Lists of bytes that the project makes and fills itself: letting one go runs nobody's code, whatever lock is held.
#include <Python.h>

typedef struct {
    PyObject *chunks;
    Py_ssize_t size;
} Output;

typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    Py_ssize_t left;
} Packer;

static int begin(Output *output)
{
    output->size = 0;
    output->chunks = PyList_New(1);
    if (output->chunks == NULL) return -1;
    PyObject *chunk = PyBytes_FromStringAndSize(NULL, 32);
    if (chunk == NULL) return -1;
    PyList_SET_ITEM(output->chunks, 0, chunk);
    return 0;
}

static int grow(Output *output)
{
    PyObject *chunk = PyBytes_FromStringAndSize(NULL, 64);
    if (chunk == NULL || PyList_Append(output->chunks, chunk) < 0) return -1;
    Py_DECREF(chunk);
    return 0;
}

static PyObject *finish(Output *output)
{
    PyObject *out = PyBytes_FromStringAndSize(NULL, output->size);
    Py_DECREF(output->chunks);
    return out;
}

static PyObject *pack(PyObject *op, PyObject *unused)
{
    Packer *self = (Packer *)op;
    Output output;
    PyObject *out = NULL;
    PyMutex_Lock(&self->mutex);
    if (begin(&output) == 0 && grow(&output) == 0) out = finish(&output);
    else Py_XDECREF(output.chunks);
    self->left--;
    PyMutex_Unlock(&self->mutex);
    return out;
}

static PyMethodDef packer_methods[] = {
    {"pack", pack, METH_NOARGS, NULL},
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
