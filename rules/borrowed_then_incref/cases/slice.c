// A slice is a list of our own.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *list)
{
    PyObject *head = PyList_GetSlice(list, 0, 1), *item = NULL;
    if (head == NULL) return NULL;
    if (PyList_GET_SIZE(head) == 1) item = Py_NewRef(PyList_GET_ITEM(head, 0));
    Py_DECREF(head);
    return item ? item : Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
