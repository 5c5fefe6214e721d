// Under a try-lock that failed nothing is held. Of two locks that are only tried, one is waited for elsewhere.
#include <Python.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static PyObject *calls_try(PyObject *module, PyObject *function)
{
    if (pthread_mutex_trylock(&mutex) != 0) return PyObject_CallNoArgs(function);
    PyObject *result = PyObject_CallNoArgs(function);  // expect: FT405
    pthread_mutex_unlock(&mutex);
    return result;
}

static PyObject *calls_wait(PyObject *module, PyObject *unused)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    Py_RETURN_NONE;
}

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static PyObject *calls_in_turn(PyObject *module, PyObject *function)
{
    if (pthread_mutex_trylock(&turn) != 0) return PyErr_Format(PyExc_RuntimeError, "it is another thread's turn");
    PyObject *result = PyObject_CallNoArgs(function);
    pthread_mutex_unlock(&turn);
    return result;
}

static PyMethodDef methods[] = {
    {"attempt", calls_try, METH_O, NULL},
    {"wait", calls_wait, METH_NOARGS, NULL},
    {"in_turn", calls_in_turn, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "calls", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_calls(void) { return PyModuleDef_Init(&definition); }
