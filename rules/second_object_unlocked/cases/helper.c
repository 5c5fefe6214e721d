// The second object is read in a helper that is called under the first one's lock.
#include <Python.h>

typedef struct { PyObject_HEAD Py_ssize_t used; } A;

static Py_ssize_t used_by(A *a) { return a->used; }  // missed: FT316

static PyObject *a_add(A *self, PyObject *unused)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    self->used++;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *a_same(PyObject *op, PyObject *arg)
{
    A *self = (A *)op, *other = (A *)arg;
    int same;
    if (!Py_IS_TYPE(arg, Py_TYPE(op))) Py_RETURN_FALSE;
    Py_BEGIN_CRITICAL_SECTION(op);
    same = self->used == used_by(other);
    Py_END_CRITICAL_SECTION();
    return PyBool_FromLong(same);
}

static PyMethodDef a_methods[] = {
    {"add", (PyCFunction)a_add, METH_NOARGS, NULL},
    {"same", (PyCFunction)a_same, METH_O, NULL},
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
