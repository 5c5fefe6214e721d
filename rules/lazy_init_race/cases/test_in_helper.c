// A helper says whether it is set: told as plain shared state (FT201).
#include <Python.h>
#include <stdlib.h>

static double *table;

static int is_ready(void) { return table != NULL; }

static PyObject *f(PyObject *module, PyObject *unused)
{
    if (!is_ready()) table = calloc(8, sizeof *table);  // missed: FT203
    return PyFloat_FromDouble(table[0]);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
