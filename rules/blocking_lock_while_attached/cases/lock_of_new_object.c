// Nobody else has the mutex of an object that was just made.
#include <Python.h>
#include <pthread.h>
typedef struct {
    PyObject_HEAD
    pthread_mutex_t mutex;
    long count;
} Box;

static PyObject *Box_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Box *self = (Box *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    if (pthread_mutex_init(&self->mutex, NULL) != 0) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    pthread_mutex_lock(&self->mutex);
    self->count = 1;
    pthread_mutex_unlock(&self->mutex);
    return (PyObject *)self;
}
static PyObject *Box_add(Box *self, PyObject *arg)
{
    Py_BEGIN_ALLOW_THREADS
    pthread_mutex_lock(&self->mutex);
    Py_END_ALLOW_THREADS
    self->count++;
    pthread_mutex_unlock(&self->mutex);
    Py_RETURN_NONE;
}

static PyMethodDef Box_methods[] = {
    {"Box_add", (PyCFunction)Box_add, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Box_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Box",
    .tp_basicsize = sizeof(Box),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = Box_methods,
    .tp_new = Box_new,
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
