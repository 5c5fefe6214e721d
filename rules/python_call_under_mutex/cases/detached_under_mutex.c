// Letting the interpreter go under a mutex: fine for PyMutex, and for a native one that was waited for detached.
#include <Python.h>
#include <pthread.h>

static PyMutex mutex;
static pthread_mutex_t attached_lock = PTHREAD_MUTEX_INITIALIZER, detached_lock = PTHREAD_MUTEX_INITIALIZER;
extern void work(void);

static PyObject *work_fine(PyObject *module, PyObject *unused)
{
    PyMutex_Lock(&mutex);
    Py_BEGIN_ALLOW_THREADS
    work();
    Py_END_ALLOW_THREADS
    PyMutex_Unlock(&mutex);
    Py_BEGIN_ALLOW_THREADS
    pthread_mutex_lock(&detached_lock);
    work();
    pthread_mutex_unlock(&detached_lock);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyObject *work_hangs(PyObject *module, PyObject *unused)
{
    pthread_mutex_lock(&attached_lock);
    Py_BEGIN_ALLOW_THREADS  // expect: FT405
    work();
    Py_END_ALLOW_THREADS
    pthread_mutex_unlock(&attached_lock);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"fine", work_fine, METH_NOARGS, NULL},
    {"hangs", work_hangs, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "work", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_work(void) { return PyModuleDef_Init(&definition); }
