// Unpickling calls __setstate__ on an object just made: called on one in use it is a second __init__. What forget()
// drops is dropped while others read it.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *cursor; } Failure;
typedef struct { PyObject_HEAD PyObject *cursor; } Notice;

static PyObject *Failure_setstate(Failure *self, PyObject *state)
{
    Py_XSETREF(self->cursor, Py_NewRef(state));  // expect: FT309
    Py_RETURN_NONE;
}

static PyObject *Failure_repr(Failure *self) { return PyObject_Repr(self->cursor); }

static PyObject *Notice_forget(Notice *self, PyObject *unused)
{
    Py_CLEAR(self->cursor);  // expect: FT302
    Py_RETURN_NONE;
}

static PyObject *Notice_repr(Notice *self) { return PyObject_Repr(self->cursor); }

static PyMethodDef failure_methods[] = {{"__setstate__", (PyCFunction)Failure_setstate, METH_O, NULL},
                                        {NULL, NULL, 0, NULL}};
static PyMethodDef notice_methods[] = {{"forget", (PyCFunction)Notice_forget, METH_NOARGS, NULL},
                                       {NULL, NULL, 0, NULL}};
static PyTypeObject Failure_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Failure",
                                    .tp_basicsize = sizeof(Failure),
                                    .tp_methods = failure_methods,
                                    .tp_repr = (reprfunc)Failure_repr,
                                    .tp_new = PyType_GenericNew};
static PyTypeObject Notice_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Notice",
                                   .tp_basicsize = sizeof(Notice),
                                   .tp_methods = notice_methods,
                                   .tp_repr = (reprfunc)Notice_repr,
                                   .tp_new = PyType_GenericNew};
static int start(PyObject *module)
{
    return PyModule_AddType(module, &Failure_Type) < 0 ? -1 : PyModule_AddType(module, &Notice_Type);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, start}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
