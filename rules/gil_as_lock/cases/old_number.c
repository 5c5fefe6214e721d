// A number that the thread sets and others look at: an old one at worst. A count that both sides change, and a pointer
// to what is freed, are another matter.
#include <Python.h>
#include <pthread.h>
#include <stdlib.h>

static double now;
static long seen;
static char *name;

static double clock_of(void *by) { return *(double *)by + 0.5; }

static void *tick(void *by)
{
    for (int i = 0; i < 1000; i++) now = clock_of(by);  // expect: FT502 (low)
    return NULL;
}

static void *count(void *by)
{
    seen++;      // expect: FT502
    free(name);
    name = NULL;  // expect: FT502 (high)
    return NULL;
}

static PyObject *start(PyObject *module, PyObject *unused)
{
    static double from = 1.0;
    pthread_t thread;
    pthread_create(&thread, NULL, tick, &from);
    pthread_detach(thread);
    pthread_create(&thread, NULL, count, NULL);
    pthread_detach(thread);
    Py_RETURN_NONE;
}

static PyObject *time_now(PyObject *module, PyObject *unused) { return PyFloat_FromDouble(now); }

static PyObject *look(PyObject *module, PyObject *unused)
{
    seen++;
    if (name == NULL) Py_RETURN_NONE;
    return PyUnicode_FromString(name);
}

static PyMethodDef methods[] = {
    {"start", start, METH_NOARGS, NULL},
    {"time_now", time_now, METH_NOARGS, NULL},
    {"look", look, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
