// Where fields begin, worked out from the header.
#include <Python.h>
#include <stddef.h>

static PyObject *f(PyObject *module, PyObject *unused)
{
    return PyLong_FromSize_t(offsetof(PyObject, ob_type));  // expect: FT008
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
