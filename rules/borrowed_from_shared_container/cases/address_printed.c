// An address that is printed is no look into the object; the macro behind it is.
#include <Python.h>
#include <stdio.h>

static PyObject *show(PyObject *module, PyObject *list)
{
    char text[100];
    if (!PyList_Check(list)) Py_RETURN_NONE;
    PyObject *item = PyList_GetItem(list, 0);
    if (!item) return NULL;
    snprintf(text, sizeof text, "item at %p", (void *)item);
    return PyUnicode_FromString(text);
}

static PyObject *show_type(PyObject *module, PyObject *list)
{
    char text[100];
    if (!PyList_Check(list)) Py_RETURN_NONE;
    PyObject *item = PyList_GetItem(list, 0);  // expect: FT101
    if (!item) return NULL;
    snprintf(text, sizeof text, "item at %p", (void *)item);
    return Py_SIZE(item) ? PyUnicode_FromString(text) : NULL;
}

static PyMethodDef methods[] = {
    {"show", show, METH_O, NULL}, {"show_type", show_type, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
