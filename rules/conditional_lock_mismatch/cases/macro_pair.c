// The macros are empty in builds with the GIL, and the state is used detached.
#include <Python.h>

#ifdef Py_GIL_DISABLED
#define LOCK(m) PyMutex_Lock(m)
#define UNLOCK(m) PyMutex_Unlock(m)
#else
#define LOCK(m)
#define UNLOCK(m)
#endif

static PyMutex mutex;
static long n;

static PyObject *count_step(PyObject *module, PyObject *unused)
{
    Py_BEGIN_ALLOW_THREADS
    LOCK(&mutex);  // missed: FT412
    n++;
    UNLOCK(&mutex);
    Py_END_ALLOW_THREADS
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
