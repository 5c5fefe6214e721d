// The slot gets both objects as PyObject, in either order.
#include <Python.h>

typedef struct { PyObject_HEAD long rank; } A;

static PyObject *a_raise(A *self, PyObject *unused)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    self->rank++;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *a_compare(PyObject *left, PyObject *right, int op)
{
    if (!Py_IS_TYPE(right, Py_TYPE(left))) Py_RETURN_NOTIMPLEMENTED;
    long a, b;
    Py_BEGIN_CRITICAL_SECTION(right);
    a = ((A *)left)->rank;  // expect: FT316
    b = ((A *)right)->rank;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_RICHCOMPARE(a, b, op);
}

static PyMethodDef a_methods[] = {
    {"raise", (PyCFunction)a_raise, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_richcompare = (richcmpfunc)a_compare,
    .tp_new = PyType_GenericNew,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
