// The slot says that no GIL is needed, and the code that Python calls is not ready for it.
#include <Python.h>

static PyObject *last;

static PyObject *swap(PyObject *, PyObject *next)
{
    PyObject *before = last ? last : Py_NewRef(Py_None);
    last = Py_NewRef(next);
    return before;
}

static PyMethodDef methods[] = {{"swap", swap, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};  // expect: FT005
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "last", nullptr, 0, methods, slots};
PyMODINIT_FUNC PyInit_last() { return PyModuleDef_Init(&definition); }
