// Stored where it outlives the call.
#include <Python.h>

static PyObject *hook;

static PyObject *f(PyObject *module, PyObject *unused)
{
    hook = PySys_GetObject("excepthook");  // expect: FT110
    Py_RETURN_NONE;
}

static PyObject *g(PyObject *module, PyObject *arg)
{
    return hook ? PyObject_CallOneArg(hook, arg) : Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {"g", g, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
