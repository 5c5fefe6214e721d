// The callback passes it on through a function of its own: told as shared state (FT201).
#include <Python.h>
#include <stdlib.h>

static long modulus;

static long reduced(long n) { return n % modulus; }

static int compare(const void *a, const void *b)
{
    return (int)(reduced(*(const long *)a) - reduced(*(const long *)b));
}

static PyObject *f(PyObject *module, PyObject *arg)
{
    long numbers[] = {3, 1, 2};
    modulus = PyLong_AsLong(arg);  // missed: FT211
    qsort(numbers, 3, sizeof *numbers, compare);
    return PyLong_FromLong(numbers[0]);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
