// The item is looked into before the reference is taken: that is FT101's to say.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *list)
{
    PyObject *item = PyList_GetItem(list, 0);
    if (item == NULL || PyObject_IsTrue(item) < 0) return NULL;
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
