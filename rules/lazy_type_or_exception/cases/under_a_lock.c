// A mutex around test and creation.
#include <Python.h>

static PyMutex mutex;
static PyObject *Error;

static PyObject *f(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&mutex);
    if (Error == NULL) Error = PyErr_NewException("m.Error", NULL, NULL);
    PyMutex_Unlock(&mutex);
    if (Error) PyErr_SetNone(Error);
    return NULL;
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
