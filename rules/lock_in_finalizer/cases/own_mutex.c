// The mutex of the object itself: nobody can hold it when the object dies.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyMutex lock;
    PyObject *value;
} Box;

static void Box_dealloc(Box *self)
{
    PyMutex_Lock(&self->lock);
    Py_CLEAR(self->value);
    PyMutex_Unlock(&self->lock);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *Box_set(Box *self, PyObject *value)
{
    PyMutex_Lock(&self->lock);
    Py_XSETREF(self->value, Py_NewRef(value));
    PyMutex_Unlock(&self->lock);
    Py_RETURN_NONE;
}

static PyMethodDef Box_methods[] = {
    {"set", (PyCFunction)Box_set, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Box_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "box.Box",
    .tp_basicsize = sizeof(Box),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_dealloc = (destructor)Box_dealloc,
    .tp_methods = Box_methods,
};
static int box_exec(PyObject *module) { return PyModule_AddType(module, &Box_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)box_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "box", .m_slots = slots};
PyMODINIT_FUNC PyInit_box(void) { return PyModuleDef_Init(&definition); }
