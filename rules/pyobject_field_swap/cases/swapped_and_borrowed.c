// Whoever swaps the reference without a lock is to blame; all that borrow it meanwhile are sides of that one finding.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *title;
} Card;

static PyObject *Card_rename(Card *self, PyObject *title)
{
    Py_XSETREF(self->title, Py_NewRef(title));  // expect: FT302
    Py_RETURN_NONE;
}
static PyObject *Card_clear(Card *self, PyObject *unused)
{
    Py_CLEAR(self->title);  // side: FT302
    Py_RETURN_NONE;
}
static PyObject *Card_title(Card *self, PyObject *unused)
{
    return Py_NewRef(self->title ? self->title : Py_None);  // side: FT302
}
static PyObject *Card_matches(Card *self, PyObject *other)
{
    return PyObject_RichCompare(self->title ? self->title : Py_None, other, Py_EQ);  // side: FT302
}
static PyObject *Card_shown(Card *self, PyObject *unused)
{
    PyObject *title;
    Py_BEGIN_CRITICAL_SECTION(self);
    title = Py_NewRef(self->title ? self->title : Py_None);  // no-side: FT302
    Py_END_CRITICAL_SECTION();
    return title;
}
static PyMethodDef Card_methods[] = {
    {"rename", (PyCFunction)Card_rename, METH_O, NULL},
    {"clear", (PyCFunction)Card_clear, METH_NOARGS, NULL},
    {"title", (PyCFunction)Card_title, METH_NOARGS, NULL},
    {"matches", (PyCFunction)Card_matches, METH_O, NULL},
    {"shown", (PyCFunction)Card_shown, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Card_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "cards.Card",
    .tp_basicsize = sizeof(Card),
    .tp_methods = Card_methods,
    .tp_new = PyType_GenericNew,
};
static int cards_exec(PyObject *module) { return PyModule_AddType(module, &Card_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)cards_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "cards", .m_slots = slots};
PyMODINIT_FUNC PyInit_cards(void) { return PyModuleDef_Init(&definition); }
