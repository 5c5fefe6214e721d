// What a type asks of its callers answers for races between them. A global beside it, and a setter that breaks the
// promise of the second type, it does not answer for.
#include <Python.h>

static long parsers;

// ftaudit: externally synchronised
typedef struct {
    PyObject_HEAD
    char *at;
    Py_ssize_t left;
} Parser;

typedef struct {  // ftaudit: immutable after init
    PyObject_HEAD
    double low, high;
} Span;

static PyObject *Parser_feed(Parser *self, PyObject *unused)
{
    parsers++;  // no-side: FT301
    self->at += 1;  // no-side: FT301
    self->left -= 1;
    Py_RETURN_NONE;
}
static PyObject *Parser_left(Parser *self, PyObject *unused) { return PyLong_FromSsize_t(self->left); }

static int Span_init(Span *self, PyObject *args, PyObject *kwargs)
{
    return PyArg_ParseTuple(args, "dd", &self->low, &self->high) ? 0 : -1;  // no-side: FT301
}
static PyObject *Span_width(Span *self, PyObject *unused) { return PyFloat_FromDouble(self->high - self->low); }
static PyObject *Span_raise(Span *self, PyObject *arg)
{
    self->high += PyFloat_AsDouble(arg);  // expect: FT301
    Py_RETURN_NONE;
}

static PyMethodDef Parser_methods[] = {
    {"feed", (PyCFunction)Parser_feed, METH_NOARGS, NULL},
    {"left", (PyCFunction)Parser_left, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyMethodDef Span_methods[] = {
    {"width", (PyCFunction)Span_width, METH_NOARGS, NULL},
    {"raise_to", (PyCFunction)Span_raise, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Parser_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "spans.Parser",
    .tp_basicsize = sizeof(Parser),
    .tp_methods = Parser_methods,
    .tp_new = PyType_GenericNew,
};
static PyTypeObject Span_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "spans.Span",
    .tp_basicsize = sizeof(Span),
    .tp_methods = Span_methods,
    .tp_init = (initproc)Span_init,
    .tp_new = PyType_GenericNew,
};
static int spans_exec(PyObject *module)
{
    if (PyModule_AddType(module, &Parser_Type) < 0) return -1;
    return PyModule_AddType(module, &Span_Type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)spans_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "spans", .m_slots = slots};
PyMODINIT_FUNC PyInit_spans(void) { return PyModuleDef_Init(&definition); }
