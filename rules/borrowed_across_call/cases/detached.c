// Detaching suspends the section as well; passing the item itself on is the callee's affair.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *list)
{
    PyObject *text = NULL;
    if (!PyList_Check(list)) return NULL;
    Py_BEGIN_CRITICAL_SECTION(list);
    PyObject *item = PyList_GET_ITEM(list, 0);  // expect: FT103
    Py_BEGIN_ALLOW_THREADS
    Py_END_ALLOW_THREADS
    text = PyObject_Str(item);
    Py_END_CRITICAL_SECTION();
    return text;
}

static PyObject *g(PyObject *module, PyObject *list)
{
    PyObject *text = NULL;
    if (!PyList_Check(list)) return NULL;
    Py_BEGIN_CRITICAL_SECTION(list);
    text = PyObject_Str(PyList_GET_ITEM(list, 0));
    Py_END_CRITICAL_SECTION();
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
