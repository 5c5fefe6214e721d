// Tested as a truth value, against -1, in a condition with others, and with the early return of the other outcome.
#include <Python.h>
#include <stdlib.h>

static char *home;
static int debug = -1;
static double *buffer;

static PyObject *f(PyObject *module, PyObject *unused)
{
    if (!home) home = getenv("HOME");  // expect: FT203
    return PyUnicode_FromString(home ? home : "");
}

static PyObject *g(PyObject *module, PyObject *unused)
{
    if (debug == -1) debug = getenv("DEBUG") != NULL;  // expect: FT203
    return PyBool_FromLong(debug);
}

static double *get_buffer(int wanted)
{
    if (buffer != NULL) return buffer;
    if (wanted) buffer = calloc(10, sizeof *buffer);  // expect: FT203
    return buffer;
}

static PyObject *h(PyObject *module, PyObject *unused)
{
    double *mine = get_buffer(1);
    return PyFloat_FromDouble(mine ? mine[0] : 0);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {"g", g, METH_NOARGS, NULL},
    {"h", h, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
