// A bytearray made here is nobody else's until it is returned.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *unused)
{
    PyObject *made = PyByteArray_FromStringAndSize(NULL, 4);
    if (made != NULL) memcpy(PyByteArray_AS_STRING(made), "spam", 4);
    return made;
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
