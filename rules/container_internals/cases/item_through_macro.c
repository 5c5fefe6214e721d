// The project's own name for the macro.
#include <Python.h>

#define AT(list, i) PyList_GET_ITEM((list), (i))

static PyObject *f(PyObject *module, PyObject *list)
{
    return PyObject_Str(AT(list, 0));  // expect: FT107
}

static PyObject *g(PyObject *module, PyObject *iterable)
{
    PyObject *list = PySequence_List(iterable);
    if (list == NULL) return NULL;
    PyObject *text = PyList_GET_SIZE(list) ? PyObject_Str(AT(list, 0)) : Py_NewRef(Py_None);
    Py_DECREF(list);
    return text;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
