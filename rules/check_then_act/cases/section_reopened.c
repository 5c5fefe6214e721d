// Both calls are inside a section on the dict, but not the same one.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *args)
{
    PyObject *dict, *key;
    int known, bad = 0;
    if (!PyArg_ParseTuple(args, "O!U", &PyDict_Type, &dict, &key)) return NULL;
    Py_BEGIN_CRITICAL_SECTION(dict);
    known = PyDict_Contains(dict, key);  // expect: FT109
    Py_END_CRITICAL_SECTION();
    if (known == 0) {
        Py_BEGIN_CRITICAL_SECTION(dict);
        bad = PyDict_SetItem(dict, key, Py_None);
        Py_END_CRITICAL_SECTION();
    }
    return bad ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"f", f, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
