// The call that lets go is two functions down.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long total;
} Sum;

static double number(PyObject *object) { return PyFloat_AsDouble(object); }
static double weight(PyObject *object) { return number(object) * 2; }

static PyObject *Sum_add(Sum *self, PyObject *object)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    long before = self->total;
    double more = weight(object);
    self->total = before + (long)more;  // expect: FT404
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyMethodDef Sum_methods[] = {
    {"add", (PyCFunction)Sum_add, METH_O, NULL},
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
