#include <Python.h>

static PyObject *cache;

static PyObject *get(PyObject *self, PyObject *key)
{
    PyObject *value = PyDict_GetItem(cache, key);
    if (value == NULL) {
        Py_RETURN_NONE;
    }
    Py_INCREF(value);
    return value;
}

static PyMethodDef methods[] = {{"get", get, METH_O, NULL}, {NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "race", NULL, -1, methods};

PyMODINIT_FUNC PyInit_race(void)
{
    cache = PySys_GetObject("path_importer_cache");
    return PyModule_Create(&definition);
}
