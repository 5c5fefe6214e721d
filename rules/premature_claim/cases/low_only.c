// Hazards of low severity do not make the promise a lie.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    Py_hash_t hash;
    PyObject *name;
} Label;

static Py_hash_t label_hash(Label *self)
{
    if (self->hash == -1) self->hash = PyObject_Hash(self->name);
    return self->hash;
}

static PyTypeObject Label_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "label.Label",
    .tp_basicsize = sizeof(Label),
    .tp_hash = (hashfunc)label_hash,
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "label", .m_slots = slots};
PyMODINIT_FUNC PyInit_label(void) { return PyModuleDef_Init(&definition); }
