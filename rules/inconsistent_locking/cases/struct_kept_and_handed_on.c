// A struct that is copied under the lock, by way of another variable, is the function's own: so is what it hands on.
#include <Python.h>

typedef struct { double x, y; } Spot;
typedef struct { PyObject_HEAD Spot from, to; } Path;

static PyObject *spot(Spot at) { return Py_BuildValue("dd", at.x, at.y); }

static PyObject *move(Path *self, PyObject *unused)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    self->from = self->to;
    self->to.x += 1;
    self->to.y += 1;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *where(Path *self, PyObject *unused)
{
    Spot read, at;
    Py_BEGIN_CRITICAL_SECTION(self);
    read = self->to;
    at = read;
    Py_END_CRITICAL_SECTION();
    return spot(at);
}

static PyObject *begin(Path *self, PyObject *unused)
{
    Spot at = self->from;  // expect: FT303
    return spot(at);
}

static PyMethodDef path_methods[] = {
    {"move", (PyCFunction)move, METH_NOARGS, NULL},
    {"where", (PyCFunction)where, METH_NOARGS, NULL},
    {"begin", (PyCFunction)begin, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Path_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Path",
                                 .tp_basicsize = sizeof(Path),
                                 .tp_methods = path_methods,
                                 .tp_new = PyType_GenericNew};
static int start(PyObject *module) { return PyModule_AddType(module, &Path_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, start}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
