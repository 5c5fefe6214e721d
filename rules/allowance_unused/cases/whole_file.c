// ftaudit: allow-file borrowed-ref -- lists come from the caller alone
// ftaudit: allow-file FT104 -- there is no dict here, expect: FT093
#include <Python.h>

static PyObject *above(PyObject *module, PyObject *list)
{
    PyObject *first = PyList_GetItem(list, 0);
    if (first == NULL) return NULL;

    PyObject *second = PyList_GetItem(list, 1);
    return second == NULL ? NULL : PyTuple_Pack(2, first, second);
}

static PyObject *at_head(PyObject *module,
                         PyObject *list)
{
    PyObject *first = PyList_GetItem(list, 0);
    return Py_XNewRef(first);
}


static PyObject *apart(PyObject *module, PyObject *list)
{
    return PyList_GetItemRef(list, 0);
}

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
