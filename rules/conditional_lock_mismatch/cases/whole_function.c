// The function exists in one kind of build; the version of Python is another condition.
#include <Python.h>

static PyMutex mutex;
static long n;

#ifdef Py_GIL_DISABLED
static void step(void)
{
    Py_BEGIN_ALLOW_THREADS
    PyMutex_Lock(&mutex);
    n++;
    PyMutex_Unlock(&mutex);
    Py_END_ALLOW_THREADS
}
#else
static void step(void) { n++; }
#endif

static PyObject *count_step(PyObject *module, PyObject *unused)
{
    step();
#if PY_VERSION_HEX >= 0x030d0000
    PyMutex_Lock(&mutex);
    n++;
    PyMutex_Unlock(&mutex);
#endif
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
