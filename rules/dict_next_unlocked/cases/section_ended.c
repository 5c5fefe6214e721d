// A section that has ended protects nothing that comes after it, here or in a function called from here.
#include <Python.h>

static Py_ssize_t walked(PyObject *dict)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0, n = 0;
    while (PyDict_Next(dict, &pos, &key, &value)) n++;  // expect: FT104
    return n;
}

static PyObject *f(PyObject *module, PyObject *dict)
{
    Py_ssize_t n;
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    Py_BEGIN_CRITICAL_SECTION(dict);
    n = PyDict_Size(dict);
    Py_END_CRITICAL_SECTION();
    while (PyDict_Next(dict, &pos, &key, &value)) n++;  // expect: FT104
    return PyLong_FromSsize_t(n + walked(dict));
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
