// Buffers of the "es" format come from PyMem_Malloc.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *args)
{
    char *name = NULL, *other = NULL;
    if (!PyArg_ParseTuple(args, "eses:f", "utf-8", &name, "utf-8", &other)) return NULL;
    PyObject *text = PyUnicode_FromString(name);
    free(name);  // expect: FT606
    PyMem_Free(other);
    return text;
}

static PyMethodDef methods[] = {
    {"f", f, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
