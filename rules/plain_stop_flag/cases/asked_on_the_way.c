// A loop that takes one character after the other and asks a setting on its way; one that goes round until it is told
// to stop.
#include <Python.h>
#include <unistd.h>

typedef struct {
    PyObject_HEAD
    const char *at, *end;
    int with_comments, stop;
} Reader;

static int token(Reader *self)
{
    int kind;
again:
    if (self->at >= self->end) return 0;
    kind = *self->at++;
    if (kind == '#' && !self->with_comments) goto again;
    return kind;
}

static PyObject *next(PyObject *self, PyObject *unused) { return PyLong_FromLong(token((Reader *)self)); }

static PyObject *wait_for_it(PyObject *self, PyObject *unused)
{
    int rounds = 0;
    Py_BEGIN_ALLOW_THREADS
    while (rounds++ < 1000 && !((Reader *)self)->stop) usleep(100);
    Py_END_ALLOW_THREADS
    return PyLong_FromLong(rounds);
}

static PyObject *set(PyObject *self, PyObject *arg)
{
    ((Reader *)self)->with_comments = PyLong_AsLong(arg) == 1;
    ((Reader *)self)->stop = 1;  // expect: FT702
    Py_RETURN_NONE;
}

static PyMethodDef reader_methods[] = {
    {"next", next, METH_NOARGS, NULL},
    {"wait", wait_for_it, METH_NOARGS, NULL},
    {"set", set, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Reader_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Reader",
    .tp_basicsize = sizeof(Reader),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_methods = reader_methods,
};

static int fill(PyObject *m) { return PyModule_AddType(m, &Reader_type); }

static PyMethodDef methods[] = {{NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
