// A region that is entered only sometimes, and left by asking the saved state.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *arg)
{
    PyThreadState *save = NULL;
    long n = PyLong_AsLong(arg);
    if (n > 500) save = PyEval_SaveThread();
    n = n * n;
    if (save) PyEval_RestoreThread(save);
    return PyLong_FromLong(n);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
