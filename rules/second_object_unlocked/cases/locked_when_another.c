// The second object is locked where it is another one; where it is not, its lock is held already.
#include <Python.h>
typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    long amount;
} Box;

static void lock_both(Box *a, Box *b)
{
    if (a > b) {
        Box *t = a;
        a = b;
        b = t;
    }
    PyMutex_Lock(&a->mutex);
    if (a != b) PyMutex_Lock(&b->mutex);
}
static void unlock_both(Box *a, Box *b)
{
    PyMutex_Unlock(&a->mutex);
    if (a != b) PyMutex_Unlock(&b->mutex);
}
static PyObject *Box_move(Box *self, PyObject *arg)
{
    Box *other = (Box *)arg;
    lock_both(self, other);
    self->amount -= 1;
    other->amount += 1;
    unlock_both(self, other);
    Py_RETURN_NONE;
}

static PyMethodDef Box_methods[] = {
    {"Box_move", (PyCFunction)Box_move, METH_O, NULL},
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
