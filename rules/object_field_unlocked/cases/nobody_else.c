// Stack structs, an object still being made, and takedown: nobody else is there.
#include <Python.h>

typedef struct { PyObject_HEAD Py_ssize_t size; char *data; } A;
struct cursor { Py_ssize_t at, end; };

static PyTypeObject A_Type;

static void step(struct cursor *c) { c->at++; }
static void fill(A *a, Py_ssize_t n) { a->size = n, a->data = PyMem_Calloc(n + 1, 1); }

static PyObject *a_twice(A *self, PyObject *unused)
{
    struct cursor c = {0, self->size};
    while (c.at < c.end) step(&c);
    A *copy = PyObject_New(A, &A_Type);
    if (copy == NULL) return NULL;
    fill(copy, c.at * 2);
    return (PyObject *)copy;
}

static PyObject *a_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    A *self = (A *)type->tp_alloc(type, 0);
    if (self != NULL) fill(self, PyTuple_GET_SIZE(args));
    return (PyObject *)self;
}

static void a_dealloc(A *self)
{
    PyMem_Free(self->data);
    self->data = NULL;
    self->size = 0;
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef a_methods[] = {
    {"twice", (PyCFunction)a_twice, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject A_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "a.A",
    .tp_basicsize = sizeof(A),
    .tp_methods = a_methods,
    .tp_new = (newfunc)a_new,
    .tp_dealloc = (destructor)a_dealloc,
};

static int a_exec(PyObject *module) { return PyModule_AddType(module, &A_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)a_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "a", .m_slots = slots};
PyMODINIT_FUNC PyInit_a(void) { return PyModuleDef_Init(&definition); }
