// The project's own name for the test.
#include <Python.h>

#define IS_UNIQUE(o) (Py_REFCNT(o) == 1)

static PyObject *f(PyObject *module, PyObject *list)
{
    if (IS_UNIQUE(list)) return PySequence_InPlaceRepeat(list, 2);  // expect: FT601
    return PySequence_Repeat(list, 2);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
