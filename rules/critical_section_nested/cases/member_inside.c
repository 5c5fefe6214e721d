// The inner object is a member of the outer one: naming it again is no use of the outer object's state, counting is.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *items;
    long n;
} Box;

static PyObject *Box_copy(Box *self, PyObject *unused)
{
    PyObject *copy;
    Py_BEGIN_CRITICAL_SECTION(self);
    Py_BEGIN_CRITICAL_SECTION(self->items);
    copy = PyList_GetSlice(self->items, 0, PyList_GET_SIZE(self->items));
    Py_END_CRITICAL_SECTION();
    Py_END_CRITICAL_SECTION();
    return copy;
}

static PyObject *Box_count(Box *self, PyObject *unused)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    Py_BEGIN_CRITICAL_SECTION(self->items);  // expect: FT402
    self->n = PyList_GET_SIZE(self->items);
    Py_END_CRITICAL_SECTION();
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *Box_set(Box *self, PyObject *items)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    Py_XSETREF(self->items, Py_NewRef(items));
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyMethodDef Box_methods[] = {
    {"copy", (PyCFunction)Box_copy, METH_NOARGS, NULL},
    {"count", (PyCFunction)Box_count, METH_NOARGS, NULL},
    {"set", (PyCFunction)Box_set, METH_O, NULL},
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
