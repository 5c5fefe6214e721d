// The object is parsed out of the arguments, or asked of a dict, into a local whose address the call is given.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    long cents;
} Purse;

extern PyTypeObject Purse_Type;

static PyObject *put(Purse *self, PyObject *Py_UNUSED(ignored))
{
    PyMutex_Lock(&self->mutex);
    self->cents++;
    PyMutex_Unlock(&self->mutex);
    Py_RETURN_NONE;
}

static PyObject *weigh(PyObject *module, PyObject *args)
{
    Purse *purse;
    long cents;
    if (!PyArg_ParseTuple(args, "O!", &Purse_Type, &purse)) return NULL;
    PyMutex_Lock(&purse->mutex);
    cents = purse->cents;
    PyMutex_Unlock(&purse->mutex);
    return PyLong_FromLong(cents);
}

static PyObject *guess(PyObject *module, PyObject *args)
{
    Purse *purse;
    if (!PyArg_ParseTuple(args, "O!", &Purse_Type, &purse)) return NULL;
    return PyLong_FromLong(purse->cents);  // expect: FT303
}

static PyMethodDef methods[] = {
    {"put", (PyCFunction)put, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject Purse_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "coins.Purse",
    .tp_basicsize = sizeof(Purse),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = methods,
    .tp_new = PyType_GenericNew,
};
static PyMethodDef functions[] = {
    {"weigh", weigh, METH_VARARGS, NULL},
    {"guess", guess, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef coins = {PyModuleDef_HEAD_INIT, .m_name = "coins", .m_methods = functions, .m_slots = slots};
PyMODINIT_FUNC PyInit_coins(void) { return PyModuleDef_Init(&coins); }
