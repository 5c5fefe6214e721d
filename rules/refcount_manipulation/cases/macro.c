// Behind the project's own macro.
#include <Python.h>

#define ADD_REFS(o, n) Py_SET_REFCNT((PyObject *)(o), Py_REFCNT(o) + (n))

static PyObject *f(PyObject *module, PyObject *arg)
{
    ADD_REFS(arg, 2);  // expect: FT603
    return PyTuple_Pack(1, arg);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
