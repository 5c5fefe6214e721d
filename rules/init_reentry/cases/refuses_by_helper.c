// A second call is refused by a mark that a helper sets; a mark that somebody else sets refuses nothing until then.
#include <Python.h>

typedef struct { PyObject_HEAD int ready; char *bytes; } Handle;
typedef struct { PyObject_HEAD int ready; char *bytes; } Loose;

static void make_ready(Handle *self) { self->ready = 1; }

static int handle_init(Handle *self, PyObject *args, PyObject *kwargs)
{
    if (self->ready) {
        PyErr_SetString(PyExc_RuntimeError, "made already");
        return -1;
    }
    self->bytes = PyMem_Calloc(8, 1);
    if (!self->bytes) return -1;
    make_ready(self);
    return 0;
}

static PyObject *handle_first(Handle *self, PyObject *unused)
{
    return PyLong_FromLong(self->ready ? self->bytes[0] : 0);
}

static int loose_init(Loose *self, PyObject *args, PyObject *kwargs)
{
    if (self->ready) {
        PyErr_SetString(PyExc_RuntimeError, "in use already");
        return -1;
    }
    PyMem_Free(self->bytes);
    self->bytes = PyMem_Calloc(8, 1);  // expect: FT309
    return self->bytes ? 0 : -1;
}

static PyObject *loose_first(Loose *self, PyObject *unused)
{
    self->ready = 1;
    return PyLong_FromLong(self->bytes[0]);
}

static PyMethodDef handle_methods[] = {{"first", (PyCFunction)handle_first, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyMethodDef loose_methods[] = {{"first", (PyCFunction)loose_first, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject Handle_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.Handle",
    .tp_basicsize = sizeof(Handle),
    .tp_methods = handle_methods,
    .tp_init = (initproc)handle_init,
    .tp_new = PyType_GenericNew,
};
static PyTypeObject Loose_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.Loose",
    .tp_basicsize = sizeof(Loose),
    .tp_methods = loose_methods,
    .tp_init = (initproc)loose_init,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module)
{
    return PyModule_AddType(module, &Handle_Type) < 0 ? -1 : PyModule_AddType(module, &Loose_Type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
