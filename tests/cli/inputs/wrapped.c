#include <Python.h>

struct spin;
void spin_enter(int flags, struct spin *lock);
void spin_leave(int flags, struct spin *lock);

typedef struct {
    PyObject_HEAD
    struct spin *lock;
    long count, total;
} Counter;

static PyObject *add(PyObject *op, PyObject *number)
{
    Counter *self = (Counter *)op;
    const long by = PyLong_AsLong(number);
    if (by == -1 && PyErr_Occurred()) return NULL;
    spin_enter(0, self->lock);
    self->count++;
    self->total += by;
    spin_leave(0, self->lock);
    Py_RETURN_NONE;
}

static PyObject *mean(PyObject *op, PyObject *unused)
{
    Counter *self = (Counter *)op;
    spin_enter(0, self->lock);
    const long count = self->count, total = self->total;
    spin_leave(0, self->lock);
    return PyLong_FromLong(count == 0 ? 0 : total / count);
}

static PyMethodDef methods[] = {{"add", add, METH_O, NULL}, {"mean", mean, METH_NOARGS, NULL}, {NULL}};
static PyType_Slot slots[] = {{Py_tp_methods, methods}, {0, NULL}};
static PyType_Spec spec = {"wrapped.Counter", sizeof(Counter), 0, Py_TPFLAGS_DEFAULT, slots};

static int exec(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&spec);
    return type == NULL ? -1 : PyModule_Add(module, "Counter", type);
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "wrapped", NULL, 0, NULL, module_slots};

PyMODINIT_FUNC PyInit_wrapped(void) { return PyModuleDef_Init(&definition); }
