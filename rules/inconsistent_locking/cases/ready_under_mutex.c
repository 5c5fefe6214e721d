// A plain flag of the process, asked under the mutex, set when all went well, and never taken back.
#include <Python.h>
static PyMutex mutex;
static int ready;
static long limit;
static PyObject *name;

static int ensure(void)
{
    PyMutex_Lock(&mutex);
    if (ready) {
        PyMutex_Unlock(&mutex);
        return 0;
    }
    limit = 12;
    name = PyUnicode_InternFromString("x");
    if (name == NULL) {
        PyMutex_Unlock(&mutex);
        return -1;
    }
    ready = 1;
    PyMutex_Unlock(&mutex);
    return 0;
}
static PyObject *f(PyObject *module, PyObject *unused)
{
    if (ensure() < 0) return NULL;
    return Py_BuildValue("Ol", name, limit);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
