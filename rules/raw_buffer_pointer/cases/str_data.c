// Reading the characters of a str is fine, writing them is not.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *text)
{
    if (!PyUnicode_Check(text) || PyUnicode_KIND(text) != PyUnicode_1BYTE_KIND) return NULL;
    Py_UCS1 *data = PyUnicode_1BYTE_DATA(text);
    return PyLong_FromLong(data[0]);
}

static PyObject *g(PyObject *module, PyObject *text)
{
    if (!PyUnicode_Check(text) || PyUnicode_KIND(text) != PyUnicode_1BYTE_KIND) return NULL;
    Py_UCS1 *data = PyUnicode_DATA(text);  // expect: FT108
    data[0] = 'x';
    Py_RETURN_NONE;
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
