/* weave._shuttle: named patterns, and shuttles that carry a colour through them. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "rows.h"

typedef struct {
    PyTypeObject *shuttle_type;
    PyObject *patterns; /* name -> tuple of str; made once, the dict guards itself */
} State;

/* ---- Shuttle ---- */

typedef struct {
    PyObject_HEAD
    PyObject *colour; /* all under the object's critical section */
    Py_ssize_t passes;
    uint64_t last;
} Shuttle;

static PyObject *shuttle_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *colour;
    Shuttle *self;
    if (!PyArg_ParseTuple(args, "U:Shuttle", &colour)) return NULL;
    self = (Shuttle *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->colour = Py_NewRef(colour);
    self->passes = 0;
    self->last = 0;
    return (PyObject *)self;
}

static void shuttle_dealloc(Shuttle *self)
{
    PyTypeObject *type = Py_TYPE(self);
    Py_XDECREF(self->colour);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

/* Carries the colour through one row and returns how many threads it passed under. */
static PyObject *shuttle_pass(Shuttle *self, PyObject *row)
{
    Py_ssize_t length;
    const char *text = PyUnicode_AsUTF8AndSize(row, &length);
    int under;
    if (text == NULL) return NULL;
    Py_BEGIN_CRITICAL_SECTION(self);
    self->last = row_of(text, length);
    self->passes++;
    under = raised(self->last);
    Py_END_CRITICAL_SECTION();
    return PyLong_FromLong(under);
}

static PyObject *shuttle_last(Shuttle *self, PyObject *arg)
{
    char text[ROW_WIDTH];
    uint64_t last;
    Py_ssize_t width = PyLong_AsSsize_t(arg);
    if (width == -1 && PyErr_Occurred()) return NULL;
    if (width < 0 || width > ROW_WIDTH) return PyErr_Format(PyExc_ValueError, "a row has at most %d threads", ROW_WIDTH);
    Py_BEGIN_CRITICAL_SECTION(self);
    last = self->last;
    Py_END_CRITICAL_SECTION();
    text_of(last, text, width);
    return PyUnicode_FromStringAndSize(text, width);
}

static PyObject *shuttle_get_colour(Shuttle *self, void *closure)
{
    PyObject *colour;
    Py_BEGIN_CRITICAL_SECTION(self);
    colour = Py_NewRef(self->colour);
    Py_END_CRITICAL_SECTION();
    return colour;
}

static int shuttle_set_colour(Shuttle *self, PyObject *colour, void *closure)
{
    PyObject *old;
    if (colour == NULL || !PyUnicode_Check(colour)) {
        PyErr_SetString(PyExc_TypeError, "a colour is a str");
        return -1;
    }
    Py_BEGIN_CRITICAL_SECTION(self);
    old = self->colour;
    self->colour = Py_NewRef(colour);
    Py_END_CRITICAL_SECTION();
    Py_DECREF(old);
    return 0;
}

static PyObject *shuttle_get_passes(Shuttle *self, void *closure)
{
    Py_ssize_t passes;
    Py_BEGIN_CRITICAL_SECTION(self);
    passes = self->passes;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(passes);
}

static PyMethodDef shuttle_methods[] = {
    {"pass_through", (PyCFunction)shuttle_pass, METH_O, "pass_through(row)"},
    {"last", (PyCFunction)shuttle_last, METH_O, "last(width)"},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef shuttle_getset[] = {
    {"colour", (getter)shuttle_get_colour, (setter)shuttle_set_colour, NULL, NULL},
    {"passes", (getter)shuttle_get_passes, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot shuttle_slots[] = {
    {Py_tp_new, (void *)shuttle_new},
    {Py_tp_dealloc, (void *)shuttle_dealloc},
    {Py_tp_methods, shuttle_methods},
    {Py_tp_getset, shuttle_getset},
    {0, NULL},
};
static PyType_Spec shuttle_spec = {
    .name = "weave.Shuttle",
    .basicsize = sizeof(Shuttle),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = shuttle_slots,
};

/* ---- patterns ---- */

/* define(name, rows): a pattern is the tuple of its rows. */
static PyObject *weave_define(PyObject *module, PyObject *args)
{
    State *state = PyModule_GetState(module);
    PyObject *name, *rows, *fixed;
    int failed = 0;
    if (!PyArg_ParseTuple(args, "UO:define", &name, &rows)) return NULL;
    fixed = PySequence_Tuple(rows);
    if (fixed == NULL) return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fixed) && !failed; i++) failed = !PyUnicode_Check(PyTuple_GET_ITEM(fixed, i));
    if (failed) PyErr_SetString(PyExc_TypeError, "a row is a str");
    else failed = PyDict_SetItem(state->patterns, name, fixed) < 0;
    Py_DECREF(fixed);
    if (failed) return NULL;
    Py_RETURN_NONE;
}

/* First defect: another thread may define the pattern anew between the two lines. */
static PyObject *weave_pattern(PyObject *module, PyObject *name)
{
    State *state = PyModule_GetState(module);
    PyObject *rows = PyDict_GetItemWithError(state->patterns, name); /* expect: FT102 */
    if (rows != NULL) return Py_NewRef(rows);
    if (!PyErr_Occurred()) PyErr_SetObject(PyExc_KeyError, name);
    return NULL;
}

/* merge(patterns): defines all patterns of a dict. Second defect: the section is there, but on the wrong dict. */
static PyObject *weave_merge(PyObject *module, PyObject *patterns)
{
    State *state = PyModule_GetState(module);
    PyObject *name, *rows;
    Py_ssize_t pos = 0;
    int failed = 0;
    if (!PyDict_Check(patterns)) return PyErr_Format(PyExc_TypeError, "merge() needs a dict, not %T", patterns);
    Py_BEGIN_CRITICAL_SECTION(state->patterns);
    while (!failed && PyDict_Next(patterns, &pos, &name, &rows)) /* expect: FT104 */
        failed = PyDict_SetItem(state->patterns, name, rows) < 0;
    Py_END_CRITICAL_SECTION();
    if (failed) return NULL;
    Py_RETURN_NONE;
}

/* colours(shuttle, ...): the colours of all shuttles, as a list that is filled before anybody has it. */
static PyObject *weave_colours(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    State *state = PyModule_GetState(module);
    PyObject *list = PyList_New(count);
    for (Py_ssize_t i = 0; list != NULL && i < count; i++) {
        if (!PyObject_TypeCheck(args[i], state->shuttle_type)) {
            PyErr_Format(PyExc_TypeError, "a Shuttle, not %T", args[i]);
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, i, shuttle_get_colour((Shuttle *)args[i], NULL));
        }
    }
    return list;
}

/* ---- the module ---- */

static int weave_exec(PyObject *module)
{
    State *state = PyModule_GetState(module);
    state->patterns = PyDict_New();
    state->shuttle_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &shuttle_spec, NULL);
    if (state->patterns == NULL || state->shuttle_type == NULL) return -1;
    return PyModule_AddType(module, state->shuttle_type);
}

static int weave_traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    Py_VISIT(state->shuttle_type);
    Py_VISIT(state->patterns);
    return 0;
}

static int weave_clear(PyObject *module)
{
    State *state = PyModule_GetState(module);
    Py_CLEAR(state->shuttle_type);
    Py_CLEAR(state->patterns);
    return 0;
}

static PyMethodDef methods[] = {
    {"define", weave_define, METH_VARARGS, "define(name, rows)"},
    {"pattern", weave_pattern, METH_O, "pattern(name)"},
    {"merge", weave_merge, METH_O, "merge(patterns)"},
    {"colours", (PyCFunction)(void (*)(void))weave_colours, METH_FASTCALL, "colours(*shuttles)"},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)weave_exec},
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED}, /* expect: FT005 */
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "weave._shuttle",
    .m_size = sizeof(State),
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = weave_traverse,
    .m_clear = weave_clear,
};

PyMODINIT_FUNC PyInit__shuttle(void)
{
    return PyModuleDef_Init(&definition);
}
