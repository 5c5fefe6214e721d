// One struct of the process: each of its fields is told, in one finding, with all who use them.
#include <Python.h>

static struct {
    long served;
    double load;
} stats;

static PyObject *serve(PyObject *module, PyObject *unused)
{
    stats.served += 1;  // expect: FT201
    Py_RETURN_NONE;
}
static PyObject *measure(PyObject *module, PyObject *arg)
{
    stats.load = 0.9 * stats.load + 0.1 * PyFloat_AsDouble(arg);  // side: FT201
    Py_RETURN_NONE;
}
static PyObject *served(PyObject *module, PyObject *unused)
{
    return PyLong_FromLong(stats.served);  // side: FT201
}
static PyObject *load(PyObject *module, PyObject *unused)
{
    return PyFloat_FromDouble(stats.load);  // side: FT201
}
static PyMethodDef methods[] = {
    {"serve", serve, METH_NOARGS, NULL},
    {"measure", measure, METH_O, NULL},
    {"served", served, METH_NOARGS, NULL},
    {"load", load, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "stats", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_stats(void) { return PyModuleDef_Init(&definition); }
