// One global for what every thread saves; a thread-local one is fine.
#include <Python.h>

static PyThreadState *saved;
static _Thread_local PyThreadState *own;
extern int lib_step(void);

static PyObject *f(PyObject *module, PyObject *unused)
{
    int rc;
    saved = PyEval_SaveThread();  // expect: FT504
    rc = lib_step();
    PyEval_RestoreThread(saved);
    own = PyEval_SaveThread();
    rc += lib_step();
    PyEval_RestoreThread(own);
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
