// An object laid out by hand: with fields that only builds with the GIL have, which does not compile, and by the macro.
#include <Python.h>

static PyTypeObject Mark_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Mark", .tp_basicsize = sizeof(PyObject), .tp_flags = Py_TPFLAGS_DEFAULT};

static PyObject by_hand = {
    .ob_refcnt = 1,  // expect: FT008
    .ob_type = &Mark_Type,
};

static PyObject by_macro = {PyObject_HEAD_INIT(&Mark_Type)};

static PyObject *get(PyObject *module, PyObject *which)
{
    return Py_NewRef(which == Py_None ? &by_hand : &by_macro);
}

static PyMethodDef methods[] = {{"get", get, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
