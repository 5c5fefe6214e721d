// The argument tuple is private, the list in it is not.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *args)
{
    PyObject *list;
    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &list)) return NULL;
    PyObject *first = PyList_GetItem(list, 0);  // expect: FT101
    return first ? PyObject_Str(first) : NULL;
}

static PyObject *g(PyObject *module, PyObject *args)
{
    PyObject *tuple;
    if (!PyArg_ParseTuple(args, "O!", &PyTuple_Type, &tuple)) return NULL;
    PyObject *first = PyTuple_GetItem(tuple, 0);
    return first ? PyObject_Str(first) : NULL;
}

static PyMethodDef methods[] = {
    {"f", f, METH_VARARGS, NULL},
    {"g", g, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
