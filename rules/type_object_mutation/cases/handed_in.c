// A function that prepares a type for whoever makes it in Python: which type it gets is the caller's to say. The
// type of an object that is at hand has other users for sure.
#include <Python.h>

static Py_ssize_t length(PyObject *self) { return 1; }

static PyObject *prepare(PyObject *module, PyObject *cls)
{
    PyTypeObject *type = (PyTypeObject *)cls;
    type->tp_dictoffset = 0;  // expect: FT209 (low)
    PyType_Modified(type);
    Py_RETURN_NONE;
}

static PyObject *prepare_parsed(PyObject *module, PyObject *args)
{
    PyObject *cls;
    if (!PyArg_ParseTuple(args, "O", &cls)) return NULL;
    ((PyTypeObject *)cls)->tp_as_sequence->sq_length = length;  // expect: FT209 (low)
    Py_RETURN_NONE;
}

static PyObject *change(PyObject *module, PyObject *object)
{
    Py_TYPE(object)->tp_dictoffset = 0;  // expect: FT209 (high)
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"prepare", prepare, METH_O, NULL},
    {"prepare_parsed", prepare_parsed, METH_VARARGS, NULL},
    {"change", change, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
