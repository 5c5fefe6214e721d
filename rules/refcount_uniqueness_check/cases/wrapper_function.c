// A helper that answers the question.
#include <Python.h>

static inline int can_reuse(PyObject *o)
{
    return Py_REFCNT(o) <= 1;  // expect: FT601
}

static PyObject *f(PyObject *module, PyObject *list)
{
    return can_reuse(list) ? PySequence_InPlaceRepeat(list, 2) : PySequence_Repeat(list, 2);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
