// The section is suspended by the call before the last use.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *list)
{
    PyObject *text = NULL;
    Py_BEGIN_CRITICAL_SECTION(list);
    PyObject *item = PyList_GetItem(list, 0);  // expect: FT103
    if (item && PyObject_IsTrue(item) > 0) text = PyObject_Str(item);
    Py_END_CRITICAL_SECTION();
    return text;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
