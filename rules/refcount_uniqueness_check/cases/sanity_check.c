// A count that is too small is an error: nothing is decided about who else has the object (told as possible at most).
#include <Python.h>

static PyObject *check(PyObject *module, PyObject *node)
{
    if (!(Py_REFCNT(node) >= 2)) {  // false-alarm: FT601
        PyErr_SetString(PyExc_AssertionError, "a node in a tree has two references");
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *resize(PyObject *module, PyObject *array)
{
    if (Py_REFCNT(array) > 2) {  // expect: FT601
        PyErr_SetString(PyExc_ValueError, "somebody else uses the array");
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"check", check, METH_O, NULL}, {"resize", resize, METH_O, NULL}, {NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
