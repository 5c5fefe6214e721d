// Both names stand for the lower one of two objects.
#include <Python.h>
#include <pthread.h>
typedef struct {
    PyObject_HEAD
    pthread_mutex_t mutex;
    long amount;
} Box;

static PyObject *Box_move(Box *self, PyObject *arg)
{
    Box *other = (Box *)arg;
    if (other == self) Py_RETURN_NONE;
    Box *first = (uintptr_t)self < (uintptr_t)other ? self : other;
    Box *second = (uintptr_t)self > (uintptr_t)other ? other : self;
    pthread_mutex_lock(&first->mutex);
    if (first != second) pthread_mutex_lock(&second->mutex);
    self->amount -= 1;  // expect: FT301
    other->amount += 1;
    if (first != second) pthread_mutex_unlock(&second->mutex);
    pthread_mutex_unlock(&first->mutex);
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
