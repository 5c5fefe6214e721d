// Only the array is taken, and indexed by hand.
#include <Python.h>

static PyObject *f(PyObject *module, PyObject *arg)
{
    PyObject *fast = PySequence_Fast(arg, "");  // expect: FT106
    if (fast == NULL) return NULL;
    PyObject **p = PySequence_Fast_ITEMS(fast);
    PyObject *text = PySequence_Size(fast) > 0 ? PyObject_Str(*p) : Py_NewRef(Py_None);
    Py_DECREF(fast);
    return text;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
