#include <Python.h>

// ftaudit: allow borrowed-ref -- above the function: all of it
static PyObject *above(PyObject *module, PyObject *list)
{
    PyObject *first = PyList_GetItem(list, 0);
    if (first == NULL) return NULL;

    PyObject *second = PyList_GetItem(list, 1);
    return second == NULL ? NULL : PyTuple_Pack(2, first, second);
}

static PyObject *at_head(PyObject *module,  // ftaudit: allow borrowed-ref -- at its head: all of it
                         PyObject *list)
{
    PyObject *first = PyList_GetItem(list, 0);
    return Py_XNewRef(first);
}

// ftaudit: allow borrowed-ref -- a blank line below: for nothing, expect: FT093

static PyObject *apart(PyObject *module, PyObject *list)
{
    return PyList_GetItemRef(list, 0);
}

// ftaudit: allow borrowed-ref -- the function below has nothing to allow, expect: FT093
// and neither does this comment
static PyObject *clean(PyObject *module, PyObject *list)
{
    return PyList_GetItemRef(list, 0);
}

static PyMethodDef methods[] = {
    {"above", above, METH_O, NULL},
    {"at_head", at_head, METH_O, NULL},
    {"apart", apart, METH_O, NULL},
    {"clean", clean, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "scopes", .m_methods = methods};
PyMODINIT_FUNC PyInit_scopes(void) { return PyModuleDef_Init(&definition); }
