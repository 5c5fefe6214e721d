// A goto jumps over the end of the region to a way out that other paths share.
#include <Python.h>

extern int lib_open(int n);

static PyObject *f(PyObject *module, PyObject *arg)
{
    int n = (int)PyLong_AsLong(arg), rc;
    PyThreadState *save = PyEval_SaveThread();
    rc = lib_open(n);
    if (rc < 0) goto out;
    PyEval_RestoreThread(save);
    n++;
out:
    return PyLong_FromLong(n + rc);  // expect: FT503
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
