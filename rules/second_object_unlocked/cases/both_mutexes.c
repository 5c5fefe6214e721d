// Both objects' mutexes are held, lowest address first.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex mu; long coins; } A;

static PyObject *a_get(A *self, PyObject *unused)
{
    PyMutex_Lock(&self->mu);
    long coins = self->coins;
    PyMutex_Unlock(&self->mu);
    return PyLong_FromLong(coins);
}

static PyObject *a_move(A *self, PyObject *arg)
{
    A *to = (A *)arg;
    if (!Py_IS_TYPE(arg, Py_TYPE((PyObject *)self)) || to == self) Py_RETURN_NONE;
    if (self < to) {
        PyMutex_Lock(&self->mu);
        PyMutex_Lock(&to->mu);
    } else {
        PyMutex_Lock(&to->mu);
        PyMutex_Lock(&self->mu);
    }
    to->coins += self->coins;
    self->coins = 0;
    PyMutex_Unlock(&to->mu);
    PyMutex_Unlock(&self->mu);
    Py_RETURN_NONE;
}

static PyMethodDef a_methods[] = {
    {"get", (PyCFunction)a_get, METH_NOARGS, NULL},
    {"move", (PyCFunction)a_move, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
