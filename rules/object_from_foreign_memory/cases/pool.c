// Through a wrapper; and from out of sight.
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

static void *take(void) { return PyMem_Malloc(sizeof(Number)); }
extern void *library_take(void);

static PyObject *f(PyObject *module, PyObject *unused)
{
    Number *number = take();
    if (number == NULL) return PyErr_NoMemory();
    (void)PyObject_INIT((PyObject *)number, &Number_Type);  // expect: FT605
    return (PyObject *)number;
}

static PyObject *g(PyObject *module, PyObject *unused)
{
    Number *number = library_take();
    return PyObject_Init((PyObject *)number, &Number_Type);
}

static int num_exec(PyObject *module) { return PyModule_AddType(module, &Number_Type); }

static PyMethodDef methods[] = {
    {"f", f, METH_NOARGS, NULL},
    {"g", g, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)num_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "num", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_num(void) { return PyModuleDef_Init(&definition); }
