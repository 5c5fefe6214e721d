// The project's own macros, also for a GIL build, are seen through; a switch that breaks inside the section stays inside.
#include <Python.h>

#define LOCKED(op) Py_BEGIN_CRITICAL_SECTION(op)
#define UNLOCKED() Py_END_CRITICAL_SECTION()

typedef struct {
    PyObject_HEAD
    long n;
} Box;

static PyObject *Box_step(Box *self, PyObject *arg)
{
    LOCKED(self);
    switch (self->n) {
        case 0: break;
        case 1: self->n = 0; break;
        default: Py_RETURN_NONE;  // expect: FT401
    }
    UNLOCKED();
    Py_RETURN_NONE;
}

static PyMethodDef Box_methods[] = {
    {"step", (PyCFunction)Box_step, METH_O, NULL},
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
