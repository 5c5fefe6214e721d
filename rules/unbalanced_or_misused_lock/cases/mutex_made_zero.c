// A local mutex that is zero, put into an object that is being made: it is made zero, and no copy of one in use. A
// mutex that others may hold is copied, or made new under them.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    long n;
} Counter;

static PyObject *counter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Counter *self = (Counter *)type->tp_alloc(type, 0);
    if (self != NULL) {
        PyMutex unlocked = {0};
        self->mutex = unlocked;
    }
    return (PyObject *)self;
}

static PyObject *copy(PyObject *op, PyObject *unused)
{
    Counter *self = (Counter *)op;
    Counter *made = (Counter *)Py_TYPE(op)->tp_alloc(Py_TYPE(op), 0);
    if (made == NULL) return NULL;
    made->mutex = self->mutex;  // expect: FT407
    return (PyObject *)made;
}

static PyObject *reset(PyObject *op, PyObject *unused)
{
    PyMutex unlocked = {0};
    ((Counter *)op)->mutex = unlocked;  // expect: FT407
    Py_RETURN_NONE;
}

static PyObject *used_first(PyObject *op, PyObject *unused)
{
    Counter *made = (Counter *)Py_TYPE(op)->tp_alloc(Py_TYPE(op), 0);
    if (made == NULL) return NULL;
    PyMutex locked = {0};
    PyMutex_Lock(&locked);
    made->mutex = locked;  // expect: FT407
    return (PyObject *)made;
}

static PyMethodDef counter_methods[] = {
    {"copy", copy, METH_NOARGS, NULL},
    {"reset", reset, METH_NOARGS, NULL},
    {"used_first", used_first, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot counter_slots[] = {{Py_tp_new, counter_new}, {Py_tp_methods, counter_methods}, {0, NULL}};
static PyType_Spec counter_spec = {"m.Counter", sizeof(Counter), 0, Py_TPFLAGS_DEFAULT, counter_slots};

static int m_exec(PyObject *module) { return PyModule_Add(module, "Counter", PyType_FromSpec(&counter_spec)); }

static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
