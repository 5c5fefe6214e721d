// The loop asks a function: told as state shared with a native thread.
#include <Python.h>
#include <pthread.h>
#include <unistd.h>

static int stop;

static int stopped(void) { return stop; }

static void *tick(void *unused)
{
    while (!stopped()) usleep(1000);
    return NULL;
}

static PyObject *start(PyObject *module, PyObject *unused)
{
    pthread_t thread;
    pthread_create(&thread, NULL, tick, NULL);
    pthread_detach(thread);
    Py_RETURN_NONE;
}

static PyObject *halt(PyObject *module, PyObject *unused)
{
    stop = 1;  // missed: FT702
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"start", start, METH_NOARGS, NULL},
    {"halt", halt, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
