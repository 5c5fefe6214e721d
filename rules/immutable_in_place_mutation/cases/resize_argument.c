// A resize of what was passed in; of what was made here.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *args)
{
    PyObject *text;
    if (!PyArg_ParseTuple(args, "O", &text)) return NULL;
    Py_INCREF(text);
    if (_PyBytes_Resize(&text, 3) < 0) return NULL;  // expect: FT602
    return text;
}

static PyObject *g(PyObject *module, PyObject *unused)
{
    PyObject *text = PyBytes_FromStringAndSize(NULL, 9);
    if (text != NULL) _PyBytes_Resize(&text, 3);
    return text;
}

static PyMethodDef methods[] = {
    {"f", f, METH_VARARGS, NULL},
    {"g", g, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
