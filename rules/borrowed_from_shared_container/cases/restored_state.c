// What __setstate__ is given was made for this call by pickle or copy: others have it where somebody calls the method
// by hand. Any other method's argument is its caller's, who may have given it to other threads. (The object's own dict
// is changed by nobody.)
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *names;
} Format;

static PyObject *format_setstate(Format *self, PyObject *state)
{
    if (!PyDict_CheckExact(state)) return PyErr_Format(PyExc_ValueError, "no dict");
    PyObject *version = PyDict_GetItemString(state, "version");  // expect: FT101 (low)
    if (version == NULL || PyLong_AsLong(version) != 1) return PyErr_Format(PyExc_ValueError, "another version");
    PyObject *first = PyDict_GetItemString(self->names, "first");
    return first == NULL ? Py_NewRef(Py_None) : PyObject_Str(first);
}

static PyObject *format_update(Format *self, PyObject *state)
{
    if (!PyDict_CheckExact(state)) return PyErr_Format(PyExc_ValueError, "no dict");
    PyObject *version = PyDict_GetItemString(state, "version");  // expect: FT101 (high)
    if (version == NULL || PyLong_AsLong(version) != 1) return PyErr_Format(PyExc_ValueError, "another version");
    Py_RETURN_NONE;
}

static int format_init(Format *self, PyObject *args, PyObject *kwargs)
{
    self->names = PyDict_New();
    return self->names == NULL ? -1 : 0;
}

static void format_dealloc(Format *self)
{
    Py_XDECREF(self->names);
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef format_methods[] = {
    {"__setstate__", (PyCFunction)format_setstate, METH_O, NULL},
    {"update", (PyCFunction)format_update, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Format_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Format",
    .tp_basicsize = sizeof(Format),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)format_init,
    .tp_dealloc = (destructor)format_dealloc,
    .tp_methods = format_methods,
};
static int exec(PyObject *module) { return PyModule_AddType(module, &Format_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
