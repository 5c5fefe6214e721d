// The block is made in one place and grown in another.
#include <Python.h>

static char *make(size_t n)
{
    return PyObject_Malloc(n);  // expect: FT604
}

static PyObject *f(PyObject *module, PyObject *unused)
{
    char *text = make(16);
    if (text == NULL) return NULL;
    char *longer = PyObject_Realloc(text, 64);  // expect: FT604
    PyObject_Free(longer ? longer : text);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
