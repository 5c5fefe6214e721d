// A member of a type's table that is not read-only is assigned by CPython, which releases what was there in the
// object's critical section. Who takes a reference without one may find it gone; a read-only member never changes.
#include <Python.h>
#include <stddef.h>

typedef struct { PyObject_HEAD PyObject *label; PyObject *kind; } Pin;

static PyObject *pin_label(Pin *self, PyObject *unused)
{
    PyObject *label = self->label;  // expect: FT102
    return label == NULL ? Py_NewRef(Py_None) : Py_NewRef(label);
}
static PyObject *pin_tag(Pin *self, PyObject *unused)
{
    PyObject *label;
    Py_BEGIN_CRITICAL_SECTION(self);
    label = Py_XNewRef(self->label);
    Py_END_CRITICAL_SECTION();
    return label == NULL ? Py_NewRef(Py_None) : label;
}
static PyObject *pin_kind(Pin *self, PyObject *unused)
{
    return Py_NewRef(self->kind);
}
static PyObject *pin_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    PyObject *label, *kind;
    if (!PyArg_ParseTuple(args, "UU", &label, &kind)) return NULL;
    Pin *self = (Pin *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->label = Py_NewRef(label);
    self->kind = Py_NewRef(kind);
    return (PyObject *)self;
}
static PyMemberDef pin_members[] = {
    {"label", Py_T_OBJECT_EX, offsetof(Pin, label), 0, NULL},
    {"kind", Py_T_OBJECT_EX, offsetof(Pin, kind), Py_READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyMethodDef pin_methods[] = {
    {"text", (PyCFunction)pin_label, METH_NOARGS, NULL},
    {"tag", (PyCFunction)pin_tag, METH_NOARGS, NULL},
    {"kind_of", (PyCFunction)pin_kind, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Pin_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "board.Pin",
    .tp_basicsize = sizeof(Pin),
    .tp_methods = pin_methods,
    .tp_members = pin_members,
    .tp_new = pin_new,
};
static int board_exec(PyObject *module) { return PyModule_AddType(module, &Pin_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)board_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "board", .m_slots = slots};
PyMODINIT_FUNC PyInit_board(void) { return PyModuleDef_Init(&definition); }
