// The reference is dropped two calls down; the region begins in a wrapper of the project's.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyMutex lock;
    PyObject *value;
} Box;

static void enter(Box *self) { PyMutex_Lock(&self->lock); }
static void leave(Box *self) { PyMutex_Unlock(&self->lock); }
static void forget(Box *self) { Py_CLEAR(self->value); }
static void reset(Box *self) { forget(self); }

static PyObject *Box_reset(Box *self, PyObject *unused)
{
    enter(self);
    reset(self);  // expect: FT405
    leave(self);
    Py_RETURN_NONE;
}

static PyMethodDef Box_methods[] = {
    {"reset", (PyCFunction)Box_reset, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Box_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "box.Box",
    .tp_basicsize = sizeof(Box),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_methods = Box_methods,
};
static int box_exec(PyObject *module) { return PyModule_AddType(module, &Box_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)box_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "box", .m_slots = slots};
PyMODINIT_FUNC PyInit_box(void) { return PyModuleDef_Init(&definition); }
