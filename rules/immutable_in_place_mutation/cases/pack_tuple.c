// A helper fills the tuple that its caller made.
#include <Python.h>

static void fill(PyObject *tuple, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++) PyTuple_SET_ITEM(tuple, i, Py_NewRef(Py_None));
}

static PyObject *f(PyObject *module, PyObject *unused)
{
    PyObject *tuple = PyTuple_New(3);
    if (tuple != NULL) fill(tuple, 3);
    return tuple;
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
