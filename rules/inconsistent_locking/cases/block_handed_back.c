// The objects of two types, each with a mutex of its own, work on one block that came back from a helper twice.
#include <Python.h>

typedef struct {
    char *data;
    Py_ssize_t used;
} Block;

typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    Block *block;
} Packer;

typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    Block *block;
} Unpacker;

static PyTypeObject Unpacker_Type;

// The block that it was given, as new.
static Block *cleared(Block *block)
{
    block->data = NULL;
    block->used = 0;
    return block;
}

static void put(Block *block) { block->used++; }

static void take(Block *block)
{
    block->used--;  // expect: FT303
}

static PyObject *pack_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Packer *self = (Packer *)type->tp_alloc(type, 0);
    Unpacker *other = PyObject_New(Unpacker, &Unpacker_Type);
    if (self == NULL || other == NULL) return NULL;
    Block *block = PyMem_RawMalloc(sizeof(Block));
    if (block == NULL) return PyErr_NoMemory();
    self->block = cleared(block);
    other->block = cleared(block);
    return Py_BuildValue("NN", self, other);
}

static PyObject *pack(PyObject *op, PyObject *n)
{
    Packer *self = (Packer *)op;
    PyMutex_Lock(&self->mutex);
    put(self->block);
    PyMutex_Unlock(&self->mutex);
    Py_RETURN_NONE;
}

static PyObject *unpack(PyObject *op, PyObject *n)
{
    Unpacker *self = (Unpacker *)op;
    PyMutex_Lock(&self->mutex);
    take(self->block);
    PyMutex_Unlock(&self->mutex);
    Py_RETURN_NONE;
}

static PyMethodDef pack_methods[] = {
    {"pack", pack, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot pack_slots[] = {{Py_tp_new, pack_new}, {Py_tp_methods, pack_methods}, {0, NULL}};
static PyType_Spec pack_spec = {"m.Packer", sizeof(Packer), 0, Py_TPFLAGS_DEFAULT, pack_slots};
static PyMethodDef unpack_methods[] = {
    {"unpack", unpack, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Unpacker_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "m.Unpacker",
    .tp_basicsize = sizeof(Unpacker),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = unpack_methods,
};

static int m_exec(PyObject *module)
{
    if (PyModule_Add(module, "Packer", PyType_FromSpec(&pack_spec)) < 0) return -1;
    return PyModule_AddType(module, &Unpacker_Type);
}

static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
