// References are taken before the call, but the walk itself goes on after it.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *dict)
{
    PyObject *key, *value, *total = PyLong_FromLong(0);
    Py_ssize_t pos = 0;
    if (!PyDict_Check(dict)) return NULL;
    Py_BEGIN_CRITICAL_SECTION(dict);
    while (total != NULL && PyDict_Next(dict, &pos, &key, &value)) {  // expect: FT105
        Py_INCREF(value);
        Py_SETREF(total, PyNumber_Add(total, value));
        Py_DECREF(value);
    }
    Py_END_CRITICAL_SECTION();
    return total;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
