// A native thread attaches while it holds the mutex; Python code waits for that mutex attached.
#include <Python.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int events;
static PyObject *listener;

static void *pump(void *unused)
{
    pthread_mutex_lock(&mutex);
    events++;
    PyGILState_STATE state = PyGILState_Ensure();
    Py_XDECREF(PyObject_CallNoArgs(listener));
    PyGILState_Release(state);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static PyObject *start(PyObject *module, PyObject *callable)
{
    pthread_t thread;
    listener = Py_NewRef(callable);
    if (pthread_create(&thread, NULL, pump, NULL)) return PyErr_SetFromErrno(PyExc_OSError);
    Py_RETURN_NONE;
}

static PyObject *count(PyObject *module, PyObject *unused)
{
    pthread_mutex_lock(&mutex);  // expect: FT406
    int n = events;
    pthread_mutex_unlock(&mutex);
    return PyLong_FromLong(n);
}

static PyMethodDef methods[] = {
    {"start", start, METH_O, NULL},
    {"count", count, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
