// The number of entries, read from the struct.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *dict)
{
    if (!PyDict_Check(dict)) Py_RETURN_NONE;
    return PyLong_FromSsize_t(((PyDictObject *)dict)->ma_used);  // expect: FT107
}

static PyObject *g(PyObject *module, PyObject *dict)
{
    return PyLong_FromSsize_t(PyDict_Size(dict));
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
