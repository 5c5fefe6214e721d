// The second object's field is set when the object is made and never again.
#include <Python.h>

typedef struct { PyObject_HEAD long id, uses; } A;

static PyObject *a_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    A *self = (A *)type->tp_alloc(type, 0);
    if (self != NULL) self->id = (long)(Py_ssize_t)self;
    return (PyObject *)self;
}

static PyObject *a_before(A *self, PyObject *arg)
{
    A *other = (A *)arg;
    int before;
    Py_BEGIN_CRITICAL_SECTION(self);
    self->uses++;
    before = self->id < other->id;
    Py_END_CRITICAL_SECTION();
    return PyBool_FromLong(before);
}

static PyMethodDef a_methods[] = {
    {"before", (PyCFunction)a_before, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_new = (newfunc)a_new,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
