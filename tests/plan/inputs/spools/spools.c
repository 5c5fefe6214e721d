// Objects kept for reuse, by a struct that has its first values where it is declared, and hashes that are worked out
// once: one word each at a declaration, and no lock.
#include <Python.h>

typedef struct {
    PyObject_HEAD
    long length;
    Py_hash_t hash;
} Spool;

typedef struct {
    Spool *spare[16];
    int count;
} Spares;

static Spares spares = {
    .count = 0,
};

static PyTypeObject Spool_Type;

static PyObject *Spool_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Spool *self;
    long length = 0;
    (void)kwargs;
    if (!PyArg_ParseTuple(args, "|l", &length))
        return NULL;
    if (spares.count > 0) {
        self = spares.spare[--spares.count];
        (void)PyObject_Init((PyObject *)self, type);
    } else {
        self = PyObject_New(Spool, type);
        if (self == NULL)
            return NULL;
    }
    self->length = length;
    self->hash = -1;
    return (PyObject *)self;
}

static void Spool_dealloc(Spool *self)
{
    if (spares.count < 16)
        spares.spare[spares.count++] = self;
    else
        PyObject_Free(self);
}

static Py_hash_t Spool_hash(Spool *self)
{
    if (self->hash != -1)
        return self->hash;
    Py_hash_t hash = (Py_hash_t)(self->length * 31 + 7);
    if (hash == -1)
        hash = -2;
    self->hash = hash;
    return hash;
}

static PyObject *Spool_length(Spool *self, PyObject *unused)
{
    (void)unused;
    return PyLong_FromLong(self->length);
}

static PyMethodDef Spool_methods[] = {
    {"length", (PyCFunction)Spool_length, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject Spool_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "spools.Spool",
    .tp_basicsize = sizeof(Spool),
    .tp_dealloc = (destructor)Spool_dealloc,
    .tp_hash = (hashfunc)Spool_hash,
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = Spool_methods,
    .tp_new = Spool_new,
};

static int exec(PyObject *module)
{
    return PyModule_AddType(module, &Spool_Type);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)exec},
    {0, NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "spools", NULL, 0, NULL, slots, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_spools(void) { return PyModuleDef_Init(&definition); }
