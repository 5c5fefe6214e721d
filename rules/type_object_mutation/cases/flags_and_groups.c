// Flags of the type of an argument; a member of one of the groups of slots; reading is no change.
#include <Python.h>

static PyTypeObject Number;

static PyObject *add(PyObject *a, PyObject *b) { Py_RETURN_NOTIMPLEMENTED; }

static PyNumberMethods number_methods = {.nb_add = add};
static PyTypeObject Number = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Number",
    .tp_as_number = &number_methods,
    .tp_flags = Py_TPFLAGS_DEFAULT,
};

static PyObject *f(PyObject *module, PyObject *object)
{
    if (Py_TYPE(object)->tp_flags & Py_TPFLAGS_HEAPTYPE) Py_RETURN_NONE;
    Py_TYPE(object)->tp_flags |= Py_TPFLAGS_HEAPTYPE;  // expect: FT209
    Number.tp_as_number->nb_add = NULL;  // expect: FT209
    Py_RETURN_NONE;
}

static int m_exec(PyObject *module)
{
    Number.tp_new = PyType_GenericNew;
    return PyType_Ready(&Number);
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
