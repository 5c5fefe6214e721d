// Behind a helper of the project.
#include <Python.h>

static PyObject *deref(PyObject *reference)
{
    return PyWeakref_GetObject(reference);  // expect: FT111
}

static PyObject *f(PyObject *module, PyObject *reference)
{
    PyObject *target = deref(reference);
    return target ? PyObject_Repr(target) : NULL;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
