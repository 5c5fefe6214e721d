// The call in between is the project's own, and runs Python further down; another of its own runs nothing.
#include <Python.h>

static int notify(PyObject *watcher) { PyObject *r = PyObject_CallNoArgs(watcher); Py_XDECREF(r); return r ? 0 : -1; }
static int count(PyObject *list) { return (int)PyList_GET_SIZE(list) + 1; }

static PyObject *f(PyObject *module, PyObject *args)
{
    PyObject *dict, *key, *watcher, *text = NULL;
    if (!PyArg_ParseTuple(args, "O!OO", &PyDict_Type, &dict, &key, &watcher)) return NULL;
    Py_BEGIN_CRITICAL_SECTION(dict);
    PyObject *value = PyDict_GetItemWithError(dict, key);  // expect: FT103
    if (value != NULL && notify(watcher) == 0) text = PyObject_Str(value);
    Py_END_CRITICAL_SECTION();
    return text;
}

static PyObject *g(PyObject *module, PyObject *list)
{
    PyObject *text = NULL;
    if (!PyList_Check(list)) return NULL;
    Py_BEGIN_CRITICAL_SECTION(list);
    PyObject *value = PyList_GET_ITEM(list, 0);
    if (count(list) > 1) text = PyObject_Str(value);
    Py_END_CRITICAL_SECTION();
    return text;
}

static PyMethodDef methods[] = {
    {"f", f, METH_VARARGS, NULL},
    {"g", g, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
