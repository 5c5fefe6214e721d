// What localeconv() answers changes only where somebody sets the locale meanwhile. A broken-down time is overwritten by
// whoever asks next.
#include <Python.h>
#include <locale.h>
#include <time.h>

static PyObject *point(PyObject *module, PyObject *unused)
{
    return PyUnicode_FromString(localeconv()->decimal_point);  // expect: FT801 (low)
}

static PyObject *hour(PyObject *module, PyObject *arg)
{
    time_t when = PyLong_AsLong(arg);
    return PyLong_FromLong(localtime(&when)->tm_hour);  // expect: FT801 (medium)
}

static PyMethodDef methods[] = {
    {"point", point, METH_NOARGS, NULL},
    {"hour", hour, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
