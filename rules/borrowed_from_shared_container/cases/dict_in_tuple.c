// A dict that is filled and put into a tuple, which never changes, cannot change either: not followed into the tuple.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *names;  // (dict,)
} Codes;

static PyTypeObject Codes_Type;

static PyObject *make(PyObject *module, PyObject *name)
{
    PyObject *dict = PyDict_New();
    Codes *self = PyObject_New(Codes, &Codes_Type);
    if (self == NULL || dict == NULL || PyDict_SetItem(dict, name, Py_None) < 0) return NULL;
    self->names = PyTuple_Pack(1, dict);
    return (PyObject *)self;
}

static PyObject *find(Codes *self, PyObject *name)
{
    PyObject *found = PyDict_GetItemWithError(PyTuple_GET_ITEM(self->names, 0), name);  // false-alarm: FT101
    return found ? PyObject_Str(found) : NULL;
}

static PyMethodDef codes_methods[] = {{"find", (PyCFunction)find, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject Codes_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Codes",
    .tp_basicsize = sizeof(Codes),
    .tp_methods = codes_methods,
};

static int set_up(PyObject *module) { return PyModule_AddType(module, &Codes_Type); }

static PyMethodDef methods[] = {
    {"make", make, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)set_up}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
