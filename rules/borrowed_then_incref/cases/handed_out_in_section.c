// The lookup puts the owner's key into a local of its callers, who hold the section from before it until they have
// counted what they got.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *key; } Label;

static void label_peek(Label *self, PyObject **key)
{
    *key = self->key;
}

static PyObject *label_key(Label *self, PyObject *unused)
{
    PyObject *key;
    Py_BEGIN_CRITICAL_SECTION(self);
    label_peek(self, &key);
    Py_XINCREF(key);
    Py_END_CRITICAL_SECTION();
    if (key == NULL) PyErr_SetString(PyExc_LookupError, "no key yet");
    return key;
}

static PyObject *label_rename(Label *self, PyObject *key)
{
    PyObject *old;
    Py_BEGIN_CRITICAL_SECTION(self);
    old = self->key;
    self->key = Py_NewRef(key);
    Py_END_CRITICAL_SECTION();
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyMethodDef label_methods[] = {
    {"key", (PyCFunction)label_key, METH_NOARGS, NULL},
    {"rename", (PyCFunction)label_rename, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Label_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "labels.Label",
    .tp_basicsize = sizeof(Label),
    .tp_methods = label_methods,
    .tp_new = PyType_GenericNew,
};

static int labels_exec(PyObject *module) { return PyModule_AddType(module, &Label_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)labels_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "labels", .m_slots = slots};
PyMODINIT_FUNC PyInit_labels(void) { return PyModuleDef_Init(&definition); }
