// A keyword dict handed to an object that keeps it is no longer private; walked before that, it still is.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *args, PyObject *kwargs)
{
    PyObject *key, *value, *given = kwargs;
    Py_ssize_t pos = 0, n = 0;
    if (given == NULL) Py_RETURN_NONE;
    while (PyDict_Next(given, &pos, &key, &value)) n += PyUnicode_Check(value);
    return PyLong_FromSsize_t(n);
}

static PyMethodDef methods[] = {
    {"f", (PyCFunction)(void (*)(void))f, METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
