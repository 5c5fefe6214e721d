// The field is read through a pointer to it, or copied first and counted later.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *left, *right; } A;

static PyObject *a_left(A *self, PyObject *unused)
{
    PyObject **slot = &self->left;
    return Py_XNewRef(*slot);  // expect: FT102
}

static PyObject *a_right(A *self, PyObject *unused)
{
    PyObject *right = self->right;  // expect: FT102
    if (right == NULL) Py_RETURN_NONE;
    Py_INCREF(right);
    return right;
}

static PyObject *a_drop(A *self, PyObject *unused)
{
    PyObject *left, *right;
    Py_BEGIN_CRITICAL_SECTION(self);
    left = self->left, right = self->right;
    self->left = self->right = NULL;
    Py_END_CRITICAL_SECTION();
    Py_XDECREF(left);
    Py_XDECREF(right);
    Py_RETURN_NONE;
}

static PyMethodDef a_methods[] = {
    {"left", (PyCFunction)a_left, METH_NOARGS, NULL},
    {"right", (PyCFunction)a_right, METH_NOARGS, NULL},
    {"drop", (PyCFunction)a_drop, METH_NOARGS, NULL},
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
