// memset and a loop over an array; a table of constants next to it.
#include <Python.h>
#include <string.h>

static PyObject *f(PyObject *module, PyObject *text)
{
    static unsigned counts[256];
    static unsigned weights[] = {1, 2, 3};
    const char *at = PyUnicode_AsUTF8(text);
    if (at == NULL) return NULL;
    memset(counts, 0, sizeof counts);  // expect: FT202
    for (; *at; at++) counts[(unsigned char)*at] += weights[0];
    return PyLong_FromUnsignedLong(counts['a']);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
