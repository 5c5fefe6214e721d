// A static type, and a helper that goes home early when it sees no list.
#include <Python.h>
#include <stddef.h>

typedef struct {
    PyObject_HEAD
    PyObject *name;
    PyObject *observers;
} Topic;

static void forget_observers(PyObject *op)
{
    Topic *topic = (Topic *)op;
    if (!topic->observers)  // expect: FT317
        return;
    PyObject_ClearWeakRefs(op);
}
static void Topic_dealloc(PyObject *self)
{
    forget_observers(self);
    Py_XDECREF(((Topic *)self)->name);
    Py_TYPE(self)->tp_free(self);
}
static PyTypeObject Topic_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "topics.Topic",
    .tp_basicsize = sizeof(Topic),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_dealloc = Topic_dealloc,
    .tp_weaklistoffset = offsetof(Topic, observers),
};
static int topics_exec(PyObject *module) { return PyModule_AddType(module, &Topic_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)topics_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "topics", .m_slots = slots};
PyMODINIT_FUNC PyInit_topics(void) { return PyModuleDef_Init(&definition); }
