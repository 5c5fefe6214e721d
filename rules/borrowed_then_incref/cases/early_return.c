// The first use on one path is a test, on the other the reference.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *dict)
{
    PyObject *item = PyDict_GetItemWithError(dict, module);  // expect: FT102
    if (item == NULL) {
        if (!PyErr_Occurred()) PyErr_SetObject(PyExc_KeyError, module);
        return NULL;
    }
    return Py_NewRef(item);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
