// The helper does it for whoever calls.
#include <Python.h>

static void drop_many(PyObject *o, Py_ssize_t n)
{
    Py_SET_REFCNT(o, Py_REFCNT(o) - n);  // expect: FT603
}

static PyObject *f(PyObject *module, PyObject *arg)
{
    for (int i = 0; i < 4; i++) Py_INCREF(arg);
    drop_many(arg, 4);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
