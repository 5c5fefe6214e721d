// A reference of one's own is taken in the section; a field that is never replaced needs none.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *sink, *format; } A;

static PyObject *a_send(A *self, PyObject *text)
{
    PyObject *sink;
    Py_BEGIN_CRITICAL_SECTION(self);
    sink = Py_NewRef(self->sink);
    Py_END_CRITICAL_SECTION();
    PyObject *line = PyUnicode_Format(self->format, text);
    PyObject *done = line ? PyObject_CallOneArg(sink, line) : NULL;
    Py_XDECREF(line);
    Py_DECREF(sink);
    return done;
}

static PyObject *a_redirect(A *self, PyObject *other)
{
    PyObject *sink;
    Py_BEGIN_CRITICAL_SECTION(self);
    sink = self->sink;
    self->sink = Py_NewRef(other);
    Py_END_CRITICAL_SECTION();
    Py_DECREF(sink);
    Py_RETURN_NONE;
}

static PyObject *a_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    A *self = (A *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->sink = Py_NewRef(args);
    self->format = PyUnicode_FromString("%s");
    return (PyObject *)self;
}

static PyMethodDef a_methods[] = {
    {"send", (PyCFunction)a_send, METH_O, NULL},
    {"redirect", (PyCFunction)a_redirect, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_new = (newfunc)a_new,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
