// On every way the answer is yes: the slot changes nothing.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *next;
    int busy;
} Step;

static int Step_traverse(Step *self, visitproc visit, void *arg)
{
    Py_VISIT(self->next);
    return 0;
}
static int Step_clear(Step *self)
{
    Py_CLEAR(self->next);
    return 0;
}
static void Step_dealloc(Step *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->next);
    Py_TYPE(self)->tp_free((PyObject *)self);
}
static int Step_is_gc(Step *self)
{
    if (self->busy) return 1;
    return 2;
}
static PyTypeObject Step_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "steps.Step",
    .tp_basicsize = sizeof(Step),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_new = PyType_GenericNew,
    .tp_dealloc = (destructor)Step_dealloc,
    .tp_traverse = (traverseproc)Step_traverse,
    .tp_clear = (inquiry)Step_clear,
    .tp_is_gc = (inquiry)Step_is_gc,
};
static int steps_exec(PyObject *module) { return PyModule_AddType(module, &Step_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)steps_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "steps", .m_slots = slots};
PyMODINIT_FUNC PyInit_steps(void) { return PyModuleDef_Init(&definition); }
