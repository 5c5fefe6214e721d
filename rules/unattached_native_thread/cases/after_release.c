// The last reference is dropped after the thread has let go.
#include <Python.h>
#include <pthread.h>

static void finish(PyObject *callable)
{
    Py_DECREF(callable);  // expect: FT507
}

static void *runner(void *callable)
{
    PyGILState_STATE state = PyGILState_Ensure();
    Py_XDECREF(PyObject_CallNoArgs((PyObject *)callable));
    PyGILState_Release(state);
    finish((PyObject *)callable);
    return NULL;
}

static PyObject *f(PyObject *module, PyObject *callable)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, runner, Py_NewRef(callable))) return PyErr_SetFromErrno(PyExc_OSError);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
