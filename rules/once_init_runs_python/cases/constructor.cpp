// The static is an object whose constructor imports.
#include <Python.h>

struct Modules {
    PyObject *json;
    Modules() { json = PyImport_ImportModule("json"); }
};

static PyObject *f(PyObject *, PyObject *arg)
{
    static Modules modules;  // expect: FT212
    return PyObject_CallMethod(modules.json, "dumps", "O", arg);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
