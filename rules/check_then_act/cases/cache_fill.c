// A cache filled where it was empty: only possible. Another key or another dict is another matter.
#include <Python.h>

static PyObject *cache, *other;

static PyObject *f(PyObject *module, PyObject *key)
{
    PyObject *value;
    if (PyDict_GetItemRef(cache, key, &value) < 0) return NULL;  // expect: FT109
    if (value != NULL) return value;
    value = PyObject_Str(key);
    if (value == NULL || PyDict_SetItem(cache, key, value) < 0) return NULL;
    return value;
}

static PyObject *g(PyObject *module, PyObject *key)
{
    int known = PyDict_Contains(cache, key);
    if (known == 0 && PyDict_SetItem(other, key, Py_None) < 0) return NULL;
    if (known == 0 && PyDict_SetItem(cache, Py_None, key) < 0) return NULL;
    Py_RETURN_NONE;
}

static int set_up(PyObject *module) { return (cache = PyDict_New()) && (other = PyDict_New()) ? 0 : -1; }

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)set_up}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
