// The object in the field is handed to a helper that runs Python, or kept over a call that does.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *sink, *title; } A;

static int put(PyObject *sink, PyObject *text)
{
    PyObject *done = PyObject_CallMethod(sink, "put", "O", text);
    Py_XDECREF(done);
    return done ? 0 : -1;
}

static PyObject *a_send(A *self, PyObject *text)
{
    if (put(self->sink, text) < 0) return NULL;  // expect: FT103
    Py_RETURN_NONE;
}

static PyObject *a_show(A *self, PyObject *text)
{
    PyObject *title = self->title;  // expect: FT103
    PyObject *shown = PyObject_Str(text);
    if (shown == NULL) return NULL;
    int same = PyUnicode_GET_LENGTH(title) == PyUnicode_GET_LENGTH(shown);
    Py_DECREF(shown);
    return PyBool_FromLong(same);
}

static PyObject *a_replace(A *self, PyObject *other)
{
    PyObject *sink, *title;
    Py_BEGIN_CRITICAL_SECTION(self);
    sink = self->sink, title = self->title;
    self->sink = Py_NewRef(other), self->title = PyUnicode_FromString("");
    Py_END_CRITICAL_SECTION();
    Py_XDECREF(sink);
    Py_XDECREF(title);
    Py_RETURN_NONE;
}

static PyMethodDef a_methods[] = {
    {"send", (PyCFunction)a_send, METH_O, NULL},
    {"show", (PyCFunction)a_show, METH_O, NULL},
    {"replace", (PyCFunction)a_replace, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
