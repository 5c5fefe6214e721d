// A state that was kept is read later, from any thread.
#include <Python.h>

static PyThreadState *first;

static PyObject *keep(PyObject *module, PyObject *unused)
{
    first = PyThreadState_Get();
    Py_RETURN_NONE;
}

static PyObject *f(PyObject *module, PyObject *unused)
{
    return PyLong_FromUnsignedLong(first->thread_id);  // expect: FT504
}

static PyObject *mine(PyObject *module, PyObject *unused)
{
    PyThreadState *state = PyThreadState_Get();
    return PyLong_FromUnsignedLong(state->thread_id);
}

static PyMethodDef methods[] = {
    {"keep", keep, METH_NOARGS, NULL},
    {"f", f, METH_NOARGS, NULL},
    {"mine", mine, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
