// A mark that __init__ tests and sets sends a second call away; what a failed first call cleans up, a helper does. The
// twin has no mark.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    int begun;
    char *bytes;
} Reel;

static void reel_drop(Reel *self)
{
    PyMem_Free(self->bytes);  // expect: FT301
    self->bytes = NULL;
}

static int reel_init(Reel *self, PyObject *args, PyObject *kwargs)
{
    if (self->begun) {
        PyErr_SetString(PyExc_RuntimeError, "begun already");
        return -1;
    }
    self->begun = 1;
    self->bytes = PyMem_Calloc(8, 1);
    if (self->bytes == NULL || PyTuple_GET_SIZE(args) > 1) {
        reel_drop(self);
        return -1;
    }
    return 0;
}

static PyObject *reel_first(Reel *self, PyObject *unused)
{
    return PyLong_FromLong(self->bytes != NULL ? self->bytes[0] : 0);
}
static PyObject *reel_close(Reel *self, PyObject *unused)
{
    reel_drop(self);
    Py_RETURN_NONE;
}

typedef struct {
    PyObject_HEAD
    char *bytes;
} Loop;

static int loop_init(Loop *self, PyObject *args, PyObject *kwargs)
{
    PyMem_Free(self->bytes);
    self->bytes = PyMem_Calloc(8, 1);  // expect: FT309
    return self->bytes != NULL ? 0 : -1;
}
static PyObject *loop_first(Loop *self, PyObject *unused)
{
    return PyLong_FromLong(self->bytes != NULL ? self->bytes[0] : 0);
}

static PyMethodDef reel_methods[] = {
    {"first", (PyCFunction)reel_first, METH_NOARGS, NULL},
    {"close", (PyCFunction)reel_close, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyMethodDef loop_methods[] = {{"first", (PyCFunction)loop_first, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject Reel_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "film.Reel",
    .tp_basicsize = sizeof(Reel),
    .tp_methods = reel_methods,
    .tp_init = (initproc)reel_init,
    .tp_new = PyType_GenericNew,
};
static PyTypeObject Loop_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "film.Loop",
    .tp_basicsize = sizeof(Loop),
    .tp_methods = loop_methods,
    .tp_init = (initproc)loop_init,
    .tp_new = PyType_GenericNew,
};
static int film_exec(PyObject *module)
{
    return PyModule_AddType(module, &Reel_Type) < 0 ? -1 : PyModule_AddType(module, &Loop_Type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)film_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "film", .m_slots = slots};
PyMODINIT_FUNC PyInit_film(void) { return PyModuleDef_Init(&definition); }
