// The objects of two types, each with a mutex of its own, work on the one block that a helper made for whoever came first.
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

static Block *only;

static Block *block_get(void)
{
    if (only == NULL) only = PyMem_RawCalloc(1, sizeof(Block));
    return only;
}

static void put(Block *block) { block->used++; }

static void take(Block *block)
{
    block->used--;  // expect: FT303
}

static PyObject *pack_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Packer *self = (Packer *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->block = block_get();
    return (PyObject *)self;
}

static PyObject *unpack_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Unpacker *self = (Unpacker *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->block = block_get();
    return (PyObject *)self;
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
static PyType_Slot unpack_slots[] = {{Py_tp_new, unpack_new}, {Py_tp_methods, unpack_methods}, {0, NULL}};
static PyType_Spec unpack_spec = {"m.Unpacker", sizeof(Unpacker), 0, Py_TPFLAGS_DEFAULT, unpack_slots};

static int m_exec(PyObject *module)
{
    if (PyModule_Add(module, "Packer", PyType_FromSpec(&pack_spec)) < 0) return -1;
    return PyModule_Add(module, "Unpacker", PyType_FromSpec(&unpack_spec));
}

static PyMethodDef methods[] = {
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
