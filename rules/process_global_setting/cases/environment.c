// The environment is written in a method, and in initialisation.
#include <Python.h>
#include <stdlib.h>

static PyObject *f(PyObject *module, PyObject *arg)
{
    const char *text = PyUnicode_AsUTF8(arg);
    if (text == NULL) return NULL;
    setenv("SPAM_MODE", text, 1);  // expect: FT802
    Py_RETURN_NONE;
}

static int m_exec(PyObject *module) { return setenv("SPAM_MODE", "none", 0); }

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
