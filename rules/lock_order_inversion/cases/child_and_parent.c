// Parents first: nothing here says that no object is both.
#include <Python.h>

typedef struct box {
    PyObject_HEAD
    PyMutex lock;
    struct box *parent;
    long n;
} Box;

static PyObject *Box_raise(Box *self, PyObject *unused)
{
    PyMutex_Lock(&self->lock);
    PyMutex_Lock(&self->parent->lock);  // expect: FT408
    self->parent->n += self->n;
    PyMutex_Unlock(&self->parent->lock);
    PyMutex_Unlock(&self->lock);
    Py_RETURN_NONE;
}

static PyMethodDef Box_methods[] = {
    {"lift", (PyCFunction)Box_raise, METH_NOARGS, NULL},
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
