#include <Python.h>

static PyObject *cache;

static PyObject *get(PyObject *self, PyObject *key)
{
    PyObject *value = PyDict_GetItemWithError(cache, key);
    if (value == NULL) {
        if (!PyErr_Occurred()) PyErr_SetObject(PyExc_KeyError, key);
        return NULL;
    }
    Py_INCREF(value);
    return value;
}

static PyObject *get2(PyObject *self, PyObject *args)
{
    PyObject *list, *item;
    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &list)) return NULL;
    item = PyList_GetItem(list,
                          0);
    if (item != NULL) {
        Py_INCREF(item);
        return item;
    }
    return NULL;
}

static PyObject *get3(PyObject *self, PyObject *key)
{
    PyObject *value;
    value = PyDict_GetItem(cache, key);
    Py_XINCREF(value);
    if (value == NULL) Py_RETURN_NONE;
    return value;
}

static PyObject *put(PyObject *self, PyObject *args)
{
    PyObject *key, *value;
    if (!PyArg_ParseTuple(args, "OO", &key, &value)) return NULL;
    if (PyDict_SetItem(cache, key, value) < 0) return NULL;
    Py_RETURN_NONE;
}

static PyObject *count(PyObject *self, PyObject *dict)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0, n = 0;
    while (PyDict_Next(dict, &pos, &key, &value)) {
        if (value == Py_None) continue;
        if (key == self) break;
        n++;
    }
    return PyLong_FromSsize_t(n);
}

static PyMethodDef methods[] = {
    {"get", get, METH_O, NULL}, {"get2", get2, METH_VARARGS, NULL}, {"get3", get3, METH_O, NULL}, {"put", put, METH_VARARGS, NULL}, {"count", count, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static int fill(PyObject *m) { cache = PyDict_New(); return cache ? 0 : -1; }
static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, fill},
    {0, NULL},
};
static PyModuleDef def = {PyModuleDef_HEAD_INIT, "fix", NULL, 0, methods, slots};
PyMODINIT_FUNC PyInit_fix(void) { return PyModuleDef_Init(&def); }
