// A number that one function puts there for others to go by is possible, no more: old or new, both are values. Not so what
// its own function works with, what several set, what bounds an array stored with it, or what is worked out from itself.
#include <Python.h>
#include <stdlib.h>

static int level, scratch, started, length, turns;
static long *numbers;

static PyObject *set_level(PyObject *module, PyObject *arg)
{
    level = (int)PyLong_AsLong(arg);  // expect: FT201
    Py_RETURN_NONE;
}

static PyObject *get_level(PyObject *module, PyObject *unused) { return PyLong_FromLong(level); }

static long halved(void) { return scratch / 2; }

static PyObject *half(PyObject *module, PyObject *arg)
{
    scratch = (int)PyLong_AsLong(arg);  // expect: FT201
    return PyLong_FromLong(halved());
}

static PyObject *start(PyObject *module, PyObject *unused)
{
    started = 1;  // expect: FT201
    Py_RETURN_NONE;
}

static PyObject *stop(PyObject *module, PyObject *unused)
{
    started = 0;
    return PyLong_FromLong(started);
}

static PyObject *fill(PyObject *module, PyObject *arg)
{
    int size = (int)PyLong_AsLong(arg);
    free(numbers);
    numbers = calloc((size_t)size, sizeof *numbers);  // expect: FT201
    length = size;  // expect: FT201
    Py_RETURN_NONE;
}

static PyObject *sum(PyObject *module, PyObject *unused)
{
    long all = 0;
    for (int i = 0; i < length; i++) all += numbers[i];
    return PyLong_FromLong(all);
}

static PyObject *turn(PyObject *module, PyObject *unused)
{
    turns++;  // expect: FT201
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"set_level", set_level, METH_O, NULL}, {"get_level", get_level, METH_NOARGS, NULL}, {"half", half, METH_O, NULL},
    {"start", start, METH_NOARGS, NULL},    {"stop", stop, METH_NOARGS, NULL},           {"fill", fill, METH_O, NULL},
    {"sum", sum, METH_NOARGS, NULL},        {"turn", turn, METH_NOARGS, NULL},           {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
