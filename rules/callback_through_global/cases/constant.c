// What is set to nothing before a callback is registered, or to what another global holds, is no argument of that call.
#include <Python.h>
#include <stdlib.h>

static char *shown, *queued;

static int drop(void *unused)
{
    free(shown);
    return 0;
}

static PyObject *reset(PyObject *module, PyObject *unused)
{
    shown = NULL;  // expect: FT201
    return PyLong_FromLong(Py_AddPendingCall(drop, NULL));
}

static PyObject *advance(PyObject *module, PyObject *unused)
{
    shown = queued;
    return PyLong_FromLong(Py_AddPendingCall(drop, NULL));
}

static PyMethodDef methods[] = {
    {"reset", reset, METH_NOARGS, NULL},
    {"advance", advance, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
