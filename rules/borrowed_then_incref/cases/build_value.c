// Py_BuildValue with "O" takes a reference too; with "N" it does not.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *list)
{
    PyObject *item = PyList_GetItem(list, 0);  // expect: FT102
    if (item == NULL) return NULL;
    return Py_BuildValue("(Oi)", item, 1);
}

static PyObject *g(PyObject *module, PyObject *list)
{
    PyObject *item = PyList_GetItemRef(list, 0);
    if (item == NULL) return NULL;
    return Py_BuildValue("(Ni)", item, 1);
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
