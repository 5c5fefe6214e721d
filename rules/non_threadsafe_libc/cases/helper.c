// In a helper that both initialisation and a method call.
#include <Python.h>
#include <time.h>

static int year(void)
{
    time_t now = time(NULL);
    return gmtime(&now)->tm_year;  // expect: FT801
}

static int set_up(PyObject *module) { return PyModule_AddIntConstant(module, "year", year()); }

static PyObject *f(PyObject *module, PyObject *unused) { return PyLong_FromLong(year()); }

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)set_up}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
