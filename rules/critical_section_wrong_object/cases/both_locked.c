// One section on both objects, and one on the argument inside which only the argument is used.
#include <Python.h>

typedef struct { PyObject_HEAD Py_ssize_t n; } A;

static PyObject *a_take(A *self, PyObject *list)
{
    Py_BEGIN_CRITICAL_SECTION2(list, self);
    self->n = PyList_Check(list) ? PyList_GET_SIZE(list) : 0;
    Py_END_CRITICAL_SECTION2();
    Py_RETURN_NONE;
}

static PyObject *a_give(A *self, PyObject *list)
{
    Py_ssize_t n, m;
    Py_BEGIN_CRITICAL_SECTION(list);
    m = PyList_Check(list) ? PyList_GET_SIZE(list) : 0;
    Py_END_CRITICAL_SECTION();
    Py_BEGIN_CRITICAL_SECTION(self);
    n = self->n + m;
    Py_END_CRITICAL_SECTION();
    return PyLong_FromSsize_t(n);
}

static PyMethodDef a_methods[] = {
    {"take", (PyCFunction)a_take, METH_O, NULL},
    {"give", (PyCFunction)a_give, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
