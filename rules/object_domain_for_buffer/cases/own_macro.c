// The project's own name for the allocator.
#include <Python.h>

#define my_new(type, n) ((type *)PyObject_Malloc((n) * sizeof(type)))

static PyObject *f(PyObject *module, PyObject *unused)
{
    double *row = my_new(double, 8);  // expect: FT604
    if (row == NULL) return PyErr_NoMemory();
    PyObject_Free(row);
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
