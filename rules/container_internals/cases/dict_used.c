// The number of entries, read from the struct: an old one at worst. Written, it is wrong for good; and the arrays that
// are gone through behind it are another matter.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *dict)
{
    if (!PyDict_Check(dict)) Py_RETURN_NONE;
    return PyLong_FromSsize_t(((PyDictObject *)dict)->ma_used);  // expect: FT107 (low)
}

static PyObject *g(PyObject *module, PyObject *dict)
{
    return PyLong_FromSsize_t(PyDict_Size(dict));
}

static PyObject *h(PyObject *module, PyObject *dict)
{
    if (!PyDict_Check(dict)) Py_RETURN_NONE;
    ((PyDictObject *)dict)->ma_used = 0;  // expect: FT107 (high)
    Py_RETURN_NONE;
}

static PyObject *is_split(PyObject *module, PyObject *dict)
{
    if (!PyDict_Check(dict)) Py_RETURN_NONE;
    return PyBool_FromLong(((PyDictObject *)dict)->ma_values != NULL);  // expect: FT107 (high)
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_O, NULL},
    {"h", h, METH_O, NULL},
    {"is_split", is_split, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
