// The list is filled, handed to everybody, and then written again.
#include <Python.h>

static PyObject *board;

static PyObject *f(PyObject *module, PyObject *arg)
{
    PyObject *list = PyList_New(1);
    if (list == NULL) return NULL;
    PyList_SET_ITEM(list, 0, Py_NewRef(Py_None));
    board = Py_NewRef(list);
    PyList_SET_ITEM(list, 0, Py_NewRef(arg));  // expect: FT107
    return list;
}

static PyObject *g(PyObject *module, PyObject *unused) { return Py_XNewRef(board); }

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {"g", g, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
