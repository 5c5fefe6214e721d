// On the stack, and in static memory.
#include <Python.h>
#include <stdlib.h>

typedef struct {
    PyObject_HEAD
    double value;
} Number;

static PyTypeObject Number_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "num.Number",
    .tp_basicsize = sizeof(Number),
};

static Number zero;

static PyObject *f(PyObject *module, PyObject *unused)
{
    Number one;
    one.value = 1;
    PyObject *text = PyObject_Repr(PyObject_Init((PyObject *)&one, &Number_Type));  // expect: FT605
    PyObject_Init(&zero.ob_base, &Number_Type);  // expect: FT605
    return text;
}

static int num_exec(PyObject *module) { return PyModule_AddType(module, &Number_Type); }

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)num_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "num", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_num(void) { return PyModuleDef_Init(&definition); }
