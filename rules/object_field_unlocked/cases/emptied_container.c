// A dict in the object is filled for one call and cleared for the next: each call is safe, the use is not.
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *memo; } A;

static int remember(A *self, PyObject *item) { return PyDict_SetItem(self->memo, item, Py_None); }

static PyObject *a_run(A *self, PyObject *item)
{
    if (remember(self, item) < 0) return NULL;
    PyDict_Clear(self->memo);  // expect: FT301
    Py_RETURN_NONE;
}

static PyObject *a_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    A *self = (A *)type->tp_alloc(type, 0);
    if (self != NULL && (self->memo = PyDict_New()) == NULL) Py_CLEAR(self);
    return (PyObject *)self;
}

static PyMethodDef a_methods[] = {
    {"run", (PyCFunction)a_run, METH_O, NULL},
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
