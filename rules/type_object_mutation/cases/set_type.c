// An argument gets another type; an object made here does.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *args)
{
    PyObject *object;
    PyTypeObject *type;
    if (!PyArg_ParseTuple(args, "OO!", &object, &PyType_Type, &type)) return NULL;
    Py_SET_TYPE(object, type);  // expect: FT209
    PyObject *own = PyType_GenericAlloc(&PyBaseObject_Type, 0);
    if (own != NULL) Py_SET_TYPE(own, type);
    return own;
}

static PyMethodDef methods[] = {
    {"f", f, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
