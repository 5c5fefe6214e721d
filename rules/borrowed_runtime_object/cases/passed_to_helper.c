// Borrowed here, used there.
#include <Python.h>

static int say(PyObject *out, const char *text)
{
    return PyFile_WriteString(text, out) < 0 ? -1 : PyFile_WriteString("\n", out);
}

static PyObject *f(PyObject *module, PyObject *unused)
{
    PyObject *out = PySys_GetObject("stdout");  // expect: FT110
    if (!out || say(out, "ready") < 0) return NULL;
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
