// Who swaps a reference and returns the old one has given it away: whoever gets it drops it. A reader beside it counts
// what may be gone.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *turn; PyObject *stake; } Table;

static PyObject *table_pass(Table *self, PyObject *to)
{
    PyObject *before;
    Py_BEGIN_CRITICAL_SECTION(self);
    before = self->turn;
    self->turn = Py_NewRef(to);
    Py_END_CRITICAL_SECTION();
    return before != NULL ? before : Py_NewRef(Py_None);
}
static PyObject *table_turn(Table *self, PyObject *unused)
{
    PyObject *turn = Py_XNewRef(self->turn);  // expect: FT102
    return turn != NULL ? turn : Py_NewRef(Py_None);
}
static void dropped(PyObject *reference)
{
    Py_XDECREF(reference);
}
static PyObject *table_raise(Table *self, PyObject *stake)
{
    PyObject *before;
    Py_BEGIN_CRITICAL_SECTION(self);
    before = self->stake;
    self->stake = Py_NewRef(stake);
    Py_END_CRITICAL_SECTION();
    dropped(before);
    Py_RETURN_NONE;
}
static PyObject *table_stake(Table *self, PyObject *unused)
{
    PyObject *stake;
    Py_BEGIN_CRITICAL_SECTION(self);
    stake = Py_XNewRef(self->stake);
    Py_END_CRITICAL_SECTION();
    return stake != NULL ? stake : Py_NewRef(Py_None);
}
static PyMethodDef table_methods[] = {
    {"pass_to", (PyCFunction)table_pass, METH_O, NULL},
    {"turn", (PyCFunction)table_turn, METH_NOARGS, NULL},
    {"raise_to", (PyCFunction)table_raise, METH_O, NULL},
    {"stake", (PyCFunction)table_stake, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Table_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "cards.Table",
    .tp_basicsize = sizeof(Table),
    .tp_methods = table_methods,
    .tp_new = PyType_GenericNew,
};
static int cards_exec(PyObject *module) { return PyModule_AddType(module, &Table_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)cards_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "cards", .m_slots = slots};
PyMODINIT_FUNC PyInit_cards(void) { return PyModuleDef_Init(&definition); }
