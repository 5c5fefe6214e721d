// Py_CLEAR, and a swap by hand; a global of an own object type.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long n;
} Node;

static Node *current;
static PyObject *last;

static PyObject *f(PyObject *module, PyObject *node)
{
    Node *old = current;
    current = (Node *)Py_NewRef(node);  // expect: FT205
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyObject *g(PyObject *module, PyObject *unused)
{
    Py_CLEAR(last);  // expect: FT205
    Py_RETURN_NONE;
}

static PyObject *h(PyObject *module, PyObject *unused)
{
    return Py_XNewRef(last ? last : (PyObject *)current);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_NOARGS, NULL},
    {"h", h, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
