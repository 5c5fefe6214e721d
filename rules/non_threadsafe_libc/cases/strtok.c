// The cursor is the library's.
#include <Python.h>
#include <string.h>

static PyObject *f(PyObject *module, PyObject *arg)
{
    char copy[64];
    const char *text = PyUnicode_AsUTF8(arg);
    if (text == NULL) return NULL;
    strncpy(copy, text, sizeof copy - 1);
    copy[sizeof copy - 1] = '\0';
    char *word = strtok(copy, ",");  // expect: FT801
    return word ? PyUnicode_FromString(word) : Py_NewRef(Py_None);
}

static PyObject *g(PyObject *module, PyObject *arg)
{
    char copy[64], *rest;
    const char *text = PyUnicode_AsUTF8(arg);
    if (text == NULL) return NULL;
    strncpy(copy, text, sizeof copy - 1);
    copy[sizeof copy - 1] = '\0';
    char *word = strtok_r(copy, ",", &rest);
    return word ? PyUnicode_FromString(word) : Py_NewRef(Py_None);
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
