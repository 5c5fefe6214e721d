#include <Python.h>
#include <unistd.h>

static PyObject *first(PyObject *self, PyObject *text)
{
    char copy[100] = "";
    strncpy(copy, PyUnicode_AsUTF8(text), sizeof copy - 1);
    return PyUnicode_FromString(crypt(copy, "ab"));
}

static PyMethodDef methods[] = {{"first", first, METH_O, NULL}, {NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "tokens", NULL, 0, methods, slots};

PyMODINIT_FUNC PyInit_tokens(void) { return PyModuleDef_Init(&definition); }
