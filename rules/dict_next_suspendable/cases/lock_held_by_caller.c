// The section is the caller's; the helper that walks calls Python.
#include <Python.h>

static int walk(PyObject *dict)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    while (PyDict_Next(dict, &pos, &key, &value))  // expect: FT105
        if (PyObject_IsTrue(value) < 0) return -1;
    return 0;
}

static PyObject *f(PyObject *module, PyObject *dict)
{
    int bad;
    if (!PyDict_Check(dict)) return NULL;
    Py_BEGIN_CRITICAL_SECTION(dict);
    bad = walk(dict);
    Py_END_CRITICAL_SECTION();
    return bad ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
