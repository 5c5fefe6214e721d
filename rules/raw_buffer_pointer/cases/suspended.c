// The section ends, or is suspended, before the pointer is used.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *data)
{
    char *text;
    if (!PyByteArray_Check(data)) return NULL;
    Py_BEGIN_CRITICAL_SECTION(data);
    text = PyByteArray_AS_STRING(data);  // expect: FT108
    Py_END_CRITICAL_SECTION();
    return PyUnicode_FromString(text);
}

static PyObject *g(PyObject *module, PyObject *data)
{
    PyObject *out = NULL;
    if (!PyByteArray_Check(data)) return NULL;
    Py_BEGIN_CRITICAL_SECTION(data);
    char *text = PyByteArray_AS_STRING(data);  // expect: FT108
    if (PyObject_IsTrue(module) > 0) out = PyUnicode_FromString(text);
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
