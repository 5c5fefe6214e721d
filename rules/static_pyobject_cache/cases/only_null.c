// PyErr_Format returns NULL, always: what a failing call left behind is no object. What PyErr_Occurred returns is one.
#include <Python.h>

static PyObject *failure, *seen;

static int advance(int steps)
{
    if (steps >= 0) return 0;
    failure = PyErr_Format(PyExc_ValueError, "%d steps back", -steps);
    return -1;
}

static PyObject *walk(PyObject *module, PyObject *steps)
{
    long number = PyLong_AsLong(steps);
    if (number == -1 && PyErr_Occurred()) return NULL;
    return advance((int)number) < 0 ? failure : Py_NewRef(Py_None);
}

static PyObject *remember(PyObject *module, PyObject *name)
{
    PyObject *old = seen;
    seen = PyObject_Repr(name);  // expect: FT205
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"walk", walk, METH_O, NULL},
    {"remember", remember, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
