// A flag says whether the thread has to be attached again.
#include <Python.h>

extern int lib_step(void);

static PyObject *f(PyObject *module, PyObject *arg)
{
    int detached = 0, rc;
    PyThreadState *save = PyEval_SaveThread();
    detached = 1;
    rc = lib_step();
    if (rc < 0) goto out;
    PyEval_RestoreThread(save);
    detached = 0;
out:
    if (detached) PyEval_RestoreThread(save);
    return PyLong_FromLong(rc);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
