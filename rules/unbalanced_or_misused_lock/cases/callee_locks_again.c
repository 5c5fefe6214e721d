// The callee expects the lock to be free, and its caller holds it: told where it is called.
#include <Python.h>

static PyMutex mutex;
static long n;

static void bump(void)
{
    PyMutex_Lock(&mutex);
    n++;
    PyMutex_Unlock(&mutex);
}

static PyObject *count_step(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&mutex);
    bump();  // expect: FT407
    PyMutex_Unlock(&mutex);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"step", count_step, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "count", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_count(void) { return PyModuleDef_Init(&definition); }
