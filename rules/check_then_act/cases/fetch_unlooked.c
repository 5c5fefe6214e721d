// The fetch relies on the test: its result is used unseen. With a test of its own it does not.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *object)
{
    PyObject *name = NULL;
    if (PyObject_HasAttrString(object, "name")) {  // expect: FT109
        name = PyObject_GetAttrString(object, "name");
        Py_INCREF(name);
        Py_DECREF(name);
        PyList_Append(module, name);
    }
    Py_RETURN_NONE;
}

static PyObject *first(PyObject *module, PyObject *list)
{
    if (!PyList_Check(list)) return NULL;
    if (PyList_GET_SIZE(list) > 0) {  // expect: FT109
        PyObject *item = PyList_GetItemRef(list, 0);
        Py_ssize_t n = Py_REFCNT(item);
        Py_DECREF(item);
        return PyLong_FromSsize_t(n);
    }
    Py_RETURN_NONE;
}

static PyObject *last(PyObject *module, PyObject *list)
{
    if (!PyList_Check(list)) return NULL;
    if (PyList_GET_SIZE(list) > 0) return PyList_GetItemRef(list, PyList_GET_SIZE(list) - 1);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"first", first, METH_O, NULL},
    {"last", last, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
