// One method goes past the mutex that the others take as its owner.
#include <Python.h>
typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    _Atomic(unsigned long) owner;
    int depth;
    long count;
} Box;

static void enter(Box *self)
{
    unsigned long me = PyThread_get_thread_ident();
    if (self->owner == me) {
        self->depth++;
        return;
    }
    PyMutex_Lock(&self->mutex);
    self->owner = me;
    self->depth = 1;
}
static void leave(Box *self)
{
    if (--self->depth == 0) {
        self->owner = 0;
        PyMutex_Unlock(&self->mutex);
    }
}
static PyObject *Box_add(Box *self, PyObject *arg)
{
    enter(self);
    self->count++;
    leave(self);
    Py_RETURN_NONE;
}
static PyObject *Box_get(Box *self, PyObject *unused)
{
    return PyLong_FromLong(self->count);  // expect: FT303
}

static PyMethodDef Box_methods[] = {
    {"Box_add", (PyCFunction)Box_add, METH_O, NULL},
    {"Box_get", (PyCFunction)Box_get, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Box_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Box",
    .tp_basicsize = sizeof(Box),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = Box_methods,
    .tp_new = PyType_GenericNew,
};
static int add_types(PyObject *module)
{
    return PyModule_AddType(module, &Box_Type);
}
static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)add_types}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
