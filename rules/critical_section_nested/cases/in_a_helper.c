// The helper begins a section of its own; all who call it have `self` locked and rely on that.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long n;
} Box;

static void take_all(Box *self, Box *other)
{
    Py_BEGIN_CRITICAL_SECTION(other);  // expect: FT402
    self->n += other->n;
    other->n = 0;
    Py_END_CRITICAL_SECTION();
}

static PyObject *Box_take(Box *self, PyObject *arg)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    take_all(self, (Box *)arg);
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyMethodDef Box_methods[] = {
    {"take", (PyCFunction)Box_take, METH_O, NULL},
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
