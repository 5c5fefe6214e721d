// Handles of libraries: one that rows are known of, and one whose types say what is changed. Each with a twin that locks.
#include <Python.h>

typedef struct stream stream;
extern int deflate(stream *of, int flush);

typedef struct bag_s {
    int used;
    double *all;
} bag_t;
extern void bag_put(bag_t *into, double what);
extern double bag_sum(const bag_t *of);

typedef struct {
    PyObject_HEAD
    stream *packer;
    bag_t weights;
} Packer;

typedef struct {
    PyObject_HEAD
    stream *packer;
    bag_t weights;
} Safe;

static PyObject *packer_flush(Packer *self, PyObject *unused)
{
    return PyLong_FromLong(deflate(self->packer, 2));  // side: FT301
}
static PyObject *packer_weigh(Packer *self, PyObject *arg)
{
    bag_put(&self->weights, PyFloat_AsDouble(arg));  // expect: FT301
    return PyFloat_FromDouble(bag_sum(&self->weights));  // side: FT301
}
static PyObject *safe_flush(Safe *self, PyObject *unused)
{
    int done;
    Py_BEGIN_CRITICAL_SECTION(self);
    done = deflate(self->packer, 2);  // no-side: FT301
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(done);
}
static PyObject *safe_weigh(Safe *self, PyObject *arg)
{
    double sum, more = PyFloat_AsDouble(arg);
    Py_BEGIN_CRITICAL_SECTION(self);
    bag_put(&self->weights, more);
    sum = bag_sum(&self->weights);
    Py_END_CRITICAL_SECTION();
    return PyFloat_FromDouble(sum);
}
static PyMethodDef packer_methods[] = {
    {"flush", (PyCFunction)packer_flush, METH_NOARGS, NULL},
    {"weigh", (PyCFunction)packer_weigh, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyMethodDef safe_methods[] = {
    {"flush", (PyCFunction)safe_flush, METH_NOARGS, NULL},
    {"weigh", (PyCFunction)safe_weigh, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Packer_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "packs.Packer",
    .tp_basicsize = sizeof(Packer),
    .tp_methods = packer_methods,
    .tp_new = PyType_GenericNew,
};
static PyTypeObject Safe_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "packs.Safe",
    .tp_basicsize = sizeof(Safe),
    .tp_methods = safe_methods,
    .tp_new = PyType_GenericNew,
};
static int packs_exec(PyObject *module)
{
    if (PyModule_AddType(module, &Safe_Type) < 0) return -1;
    return PyModule_AddType(module, &Packer_Type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)packs_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "packs", .m_slots = slots};
PyMODINIT_FUNC PyInit_packs(void) { return PyModuleDef_Init(&definition); }
