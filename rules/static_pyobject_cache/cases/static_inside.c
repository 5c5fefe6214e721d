// A static variable inside a function that hands it out.
#include <Python.h>

static PyObject *get_decimal(void)
{
    static PyObject *decimal;
    if (!decimal) decimal = PyImport_ImportModule("decimal");  // expect: FT205
    return decimal;
}

static PyObject *f(PyObject *module, PyObject *number)
{
    PyObject *decimal = get_decimal();
    return decimal ? PyObject_CallMethod(decimal, "Decimal", "O", number) : NULL;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
