// Only module initialisation and a destructor of the process call it.
#include <Python.h>

static int next_id(void)
{
    static int id;
    return ++id;
}

static int m_exec(PyObject *module) { return PyModule_AddIntConstant(module, "ID", next_id()); }

static PyObject *f(PyObject *module, PyObject *unused) { Py_RETURN_NONE; }

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
