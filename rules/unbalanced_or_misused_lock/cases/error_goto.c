// The label of the error path stands behind the unlock.
#include <Python.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long n;

static PyObject *count_add(PyObject *module, PyObject *arg)
{
    long more = PyLong_AsLong(arg);
    pthread_mutex_lock(&mutex);
    if (more > 10) goto error;
    n += more;
    pthread_mutex_unlock(&mutex);
    Py_RETURN_NONE;
error:
    return PyErr_Format(PyExc_ValueError, "too many");  // expect: FT407
}

static PyMethodDef methods[] = {
    {"add", count_add, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "count", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_count(void) { return PyModuleDef_Init(&definition); }
