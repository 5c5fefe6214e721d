// The first loop ends by a depth that each of its callers has set; the second by one that only another method sets.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    unsigned depth, halted;
    int *trail;
    int top;
} Search;

static void decide(Search *self, int literal)
{
    self->depth++;
    self->trail[self->top++] = literal;
}

static int conflict(Search *self)
{
    int open = 0, at = self->top, literal = 0;
    while (at > 0) {
        literal = self->trail[--at];
        open += literal > 0 ? -1 : 1;
        if (!open && self->depth) break;
    }
    return literal;
}

static PyObject *step(PyObject *op, PyObject *arg)
{
    Search *self = (Search *)op;
    long literal = PyLong_AsLong(arg);
    decide(self, (int)literal);
    int found = conflict(self);
    self->depth = 0;
    return PyLong_FromLong(found);
}

static PyObject *spin(PyObject *op, PyObject *unused)
{
    Search *self = (Search *)op;
    long rounds = 0;
    for (;;) {
        rounds++;
        if (self->halted) break;
    }
    return PyLong_FromLong(rounds);
}

static PyObject *halt(PyObject *op, PyObject *unused)
{
    ((Search *)op)->halted = 1;  // expect: FT702
    Py_RETURN_NONE;
}

static PyMethodDef search_methods[] = {
    {"step", step, METH_O, NULL},
    {"spin", spin, METH_NOARGS, NULL},
    {"halt", halt, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject search_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Search",
    .tp_basicsize = sizeof(Search),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = search_methods,
    .tp_new = PyType_GenericNew,
};
static int fill(PyObject *module) { return PyModule_AddType(module, &search_type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
