// The name of the type for a message is only possible; what decides something is certain.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *key)
{
    if (key->ob_type == Py_TYPE(module)) Py_RETURN_NONE;  // expect: FT008
    return PyErr_Format(PyExc_TypeError, "not %.100s", key->ob_type->tp_name);  // expect: FT008
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
