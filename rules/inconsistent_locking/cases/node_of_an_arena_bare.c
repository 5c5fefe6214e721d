// One method of two goes to the arena without the mutex that its type keeps for it.
#include <Python.h>

typedef struct {
    unsigned next;
    long uses;
} Node;

typedef struct {
    char *base, *top;
    unsigned spare;
} Arena;

typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    Arena *arena;
} Packer;

typedef struct {
    PyObject_HEAD
    PyMutex mutex;
    Arena *arena;
} Unpacker;

static Node *take(Arena *arena)
{
    Node *node = (Node *)(arena->base + arena->spare);
    arena->spare = node->next;
    return node;
}

static void use(Arena *arena)
{
    Node *node = arena->spare ? take(arena) : (Node *)(arena->top -= sizeof(Node));
    node->uses++;
}

static PyObject *pack_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Packer *self = (Packer *)type->tp_alloc(type, 0);
    if (self != NULL) self->arena = PyMem_Calloc(1, sizeof(Arena));
    return (PyObject *)self;
}

static PyObject *unpack_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Unpacker *self = (Unpacker *)type->tp_alloc(type, 0);
    if (self != NULL) self->arena = PyMem_Calloc(1, sizeof(Arena));
    return (PyObject *)self;
}

static PyObject *pack(PyObject *op, PyObject *n)
{
    Packer *self = (Packer *)op;
    PyMutex_Lock(&self->mutex);
    use(self->arena);
    PyMutex_Unlock(&self->mutex);
    Py_RETURN_NONE;
}

static PyObject *unpack(PyObject *op, PyObject *n)
{
    Unpacker *self = (Unpacker *)op;
    PyMutex_Lock(&self->mutex);
    use(self->arena);
    PyMutex_Unlock(&self->mutex);
    Py_RETURN_NONE;
}

static PyObject *count(PyObject *op, PyObject *n)
{
    Node *node = (Node *)((Unpacker *)op)->arena->top;
    return PyLong_FromLong(node->uses);  // expect: FT303
}

static PyMethodDef pack_methods[] = {
    {"pack", pack, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot pack_slots[] = {{Py_tp_new, pack_new}, {Py_tp_methods, pack_methods}, {0, NULL}};
static PyType_Spec pack_spec = {"m.Packer", sizeof(Packer), 0, Py_TPFLAGS_DEFAULT, pack_slots};
static PyMethodDef unpack_methods[] = {
    {"unpack", unpack, METH_O, NULL},
    {"count", count, METH_O, NULL},
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
