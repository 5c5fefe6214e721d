// The macro form, in one expression and in two statements.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *list)
{
    PyObject *a = PyList_GET_ITEM(list, 0);  // expect: FT107
    Py_INCREF(a);
    PyObject *b = Py_NewRef(PyList_GET_ITEM(list, 1));  // expect: FT107
    PyObject *pair = PyTuple_Pack(2, a, b);
    Py_DECREF(a);
    Py_DECREF(b);
    return pair;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
