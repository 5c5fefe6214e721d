// That it was checked to be a tuple makes it no less anybody's.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *tuple)
{
    if (!PyTuple_Check(tuple) || PyTuple_GET_SIZE(tuple) < 1) return NULL;
    PyTuple_SET_ITEM(tuple, 0, Py_NewRef(Py_None));  // expect: FT602
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
