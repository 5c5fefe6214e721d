// A mutex that one method takes twice and another gives back: the first waits for the second, as at a semaphore. Where
// nobody else gives it back, it waits for itself.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyMutex arrived, left;
} Gate;

static PyObject *wait(PyObject *op, PyObject *unused)
{
    Gate *self = (Gate *)op;
    PyMutex_Lock(&self->arrived);
    PyMutex_Lock(&self->arrived);
    PyMutex_Unlock(&self->arrived);
    Py_RETURN_NONE;
}

static PyObject *arrive(PyObject *op, PyObject *unused)
{
    PyMutex_Unlock(&((Gate *)op)->arrived);
    Py_RETURN_NONE;
}

static PyObject *leave(PyObject *op, PyObject *unused)
{
    Gate *self = (Gate *)op;
    PyMutex_Lock(&self->left);
    PyMutex_Lock(&self->left);  // expect: FT407
    PyMutex_Unlock(&self->left);
    Py_RETURN_NONE;
}

static PyMethodDef gate_methods[] = {
    {"wait", wait, METH_NOARGS, NULL},
    {"arrive", arrive, METH_NOARGS, NULL},
    {"leave", leave, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot gate_slots[] = {{Py_tp_methods, gate_methods}, {0, NULL}};
static PyType_Spec gate_spec = {"m.Gate", sizeof(Gate), 0, Py_TPFLAGS_DEFAULT, gate_slots};

static int m_exec(PyObject *module) { return PyModule_Add(module, "Gate", PyType_FromSpec(&gate_spec)); }

static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
