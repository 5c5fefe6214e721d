// The argument is a tuple on the only way to the reads.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *arg)
{
    if (!PyTuple_Check(arg)) return PyErr_Format(PyExc_TypeError, "a tuple, please");
    PyObject *fast = PySequence_Fast(arg, "");
    if (fast == NULL) return NULL;
    PyObject *first = PySequence_Fast_GET_SIZE(fast) ? PyObject_Str(PySequence_Fast_GET_ITEM(fast, 0)) : Py_NewRef(Py_None);
    Py_DECREF(fast);
    return first;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
