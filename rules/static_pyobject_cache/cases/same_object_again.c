// What is kept is the attribute of a module: whoever comes second stores the same object again, and one reference is lost:
// possible, no more.
#include <Python.h>

static PyObject *separator;

static PyObject *f(PyObject *module, PyObject *unused)
{
    if (separator == NULL) {
        PyObject *os = PyImport_ImportModule("os");
        if (os == NULL) return NULL;
        separator = PyObject_GetAttrString(os, "sep");  // expect: FT205
        Py_DECREF(os);
    }
    return Py_XNewRef(separator);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
