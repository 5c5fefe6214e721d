// A block that a pool has for reuse, or a new one: it is the pool's while it waits there and the reader's while it is in
// use. Both reach the pool's mutex, one way or the other, and hold it. Where one method forgets it, that is told.
#include <Python.h>

typedef struct { long uses; } Block;
typedef struct { PyObject_HEAD PyMutex gate; Block *spare; } Pool;
typedef struct { PyObject_HEAD Pool *pool; Block *block; long turns; } Reader;

static void give_back(Pool *pool, Block *block)
{
    if (block != NULL && block->uses != -1) pool->spare = block;
}

static Block *take(Pool *pool)
{
    Block *block;
    if (pool->spare != NULL) {
        block = pool->spare;
        pool->spare = NULL;
    } else {
        block = PyMem_Calloc(1, sizeof(Block));
        if (block == NULL) return NULL;
    }
    block->uses = 1;
    return block;
}

static PyObject *turn(Reader *self, PyObject *unused)
{
    PyMutex_Lock(&self->pool->gate);
    give_back(self->pool, self->block);
    self->block = take(self->pool);
    self->turns++;
    PyMutex_Unlock(&self->pool->gate);
    Py_RETURN_NONE;
}

static PyObject *halve(Reader *self, PyObject *unused)
{
    PyMutex_Lock(&self->pool->gate);
    self->turns /= 2;
    PyMutex_Unlock(&self->pool->gate);
    Py_RETURN_NONE;
}

static PyObject *reset(Reader *self, PyObject *unused)
{
    self->turns = 0;  // expect: FT303
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"turn", (PyCFunction)turn, METH_NOARGS, NULL},
    {"halve", (PyCFunction)halve, METH_NOARGS, NULL},
    {"reset", (PyCFunction)reset, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyTypeObject Reader_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pools.Reader",
    .tp_basicsize = sizeof(Reader),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = methods,
};
static int pools_exec(PyObject *module) { return PyModule_AddType(module, &Reader_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, pools_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "pools", .m_slots = slots};
PyMODINIT_FUNC PyInit_pools(void) { return PyModuleDef_Init(&definition); }
