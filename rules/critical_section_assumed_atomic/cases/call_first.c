// Neutral calls between; and the section ends before the call.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long total;
} Sum;

static PyObject *Sum_size(Sum *self, PyObject *list)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    long before = self->total;
    if (PyList_Check(list)) self->total = before + (long)PyList_GET_SIZE(list);
    Py_END_CRITICAL_SECTION();
    return PyObject_Str(list);
}

static PyMethodDef Sum_methods[] = {
    {"size", (PyCFunction)Sum_size, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Sum_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "sum.Sum",
    .tp_basicsize = sizeof(Sum),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_methods = Sum_methods,
};
static int sum_exec(PyObject *module) { return PyModule_AddType(module, &Sum_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)sum_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "sum", .m_slots = slots};
PyMODINIT_FUNC PyInit_sum(void) { return PyModuleDef_Init(&definition); }
