// A helper hands the borrowed item to its caller.
#include <Python.h>

static PyObject *options;

static PyObject *look_up(const char *name)
{
    return PyDict_GetItemString(options, name);  // expect: FT101
}

static PyObject *f(PyObject *module, PyObject *unused)
{
    PyObject *level = look_up("level");
    return level ? PyObject_Str(level) : NULL;
}

static PyObject *g(PyObject *module, PyObject *level)
{
    if (PyDict_SetItemString(options, "level", level) < 0) return NULL;
    Py_RETURN_NONE;
}

static int set_up(PyObject *module) { return (options = PyDict_New()) ? 0 : -1; }

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {"g", g, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)set_up}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
