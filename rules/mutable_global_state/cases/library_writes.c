// A library is handed the buffer and writes into it: its pointer is not const, but that alone says little.
#include <Python.h>

void fill(char *buffer, size_t size);

static char buffer[64];

static PyObject *f(PyObject *module, PyObject *unused)
{
    fill(buffer, sizeof buffer);  // missed: FT201
    return PyUnicode_FromString(buffer);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
