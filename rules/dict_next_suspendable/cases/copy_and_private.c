// A copy, and a dict made here, may be walked with any calls in between.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *dict)
{
    PyObject *key, *value, *copy = PyDict_Copy(dict);
    Py_ssize_t pos = 0;
    if (copy == NULL) return NULL;
    Py_BEGIN_CRITICAL_SECTION(copy);
    while (PyDict_Next(copy, &pos, &key, &value))
        if (PyObject_IsTrue(value) < 0) break;
    Py_END_CRITICAL_SECTION();
    Py_DECREF(copy);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
