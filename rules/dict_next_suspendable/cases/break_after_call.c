// The loop is left after the call: the walk does not go on, but the key may be used late.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *dict)
{
    PyObject *key, *value, *out = NULL;
    Py_ssize_t pos = 0;
    if (!PyDict_Check(dict)) return NULL;
    Py_BEGIN_CRITICAL_SECTION(dict);
    while (PyDict_Next(dict, &pos, &key, &value)) {  // expect: FT105
        if (PyObject_IsTrue(value) < 0) break;
        out = PyObject_Str(key);
        break;
    }
    Py_END_CRITICAL_SECTION();
    return out;
}

static PyObject *g(PyObject *module, PyObject *dict)
{
    PyObject *key, *value, *out = NULL;
    Py_ssize_t pos = 0;
    if (!PyDict_Check(dict)) return NULL;
    Py_BEGIN_CRITICAL_SECTION(dict);
    if (PyDict_Next(dict, &pos, &key, &value)) out = PyObject_Str(value);
    Py_END_CRITICAL_SECTION();
    return out;
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
