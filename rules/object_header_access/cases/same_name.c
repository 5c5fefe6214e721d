// A field of the same name in a struct that is no object.
#include <Python.h>

struct node { struct node *next; int ob_type; };

static PyObject *f(PyObject *module, PyObject *unused)
{
    struct node node = {NULL, 3};
    return PyLong_FromLong(node.ob_type);
}

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
