// `busy` is set while a method runs, and no longer: who takes an object down does not meet it set. A method that
// asks for it does, and so does one on the way out where a mark stays behind.
#include <Python.h>

typedef struct { PyObject_HEAD PyMutex lock; } Connection;
typedef struct { PyObject_HEAD Connection *connection; int busy; } Blob;
typedef struct { PyObject_HEAD Connection *connection; int stuck; } Lump;

static int blob_close_internal(Blob *self)
{
    if (self->busy) return 1;
    if (self->connection) {
        PyMutex_Unlock(&self->connection->lock);
        Py_CLEAR(self->connection);
    }
    return 0;
}

static void blob_dealloc(PyObject *op)
{
    Blob *self = (Blob *)op;
    if (self->connection) PyMutex_Lock(&self->connection->lock);
    blob_close_internal(self);
    Py_TYPE(op)->tp_free(op);
}

static PyObject *blob_read(PyObject *op, PyObject *unused)
{
    Blob *self = (Blob *)op;
    self->busy = 1;
    Py_BEGIN_ALLOW_THREADS
    Py_END_ALLOW_THREADS
    self->busy = 0;
    Py_RETURN_NONE;
}

static PyObject *blob_close(PyObject *op, PyObject *unused)
{
    Blob *self = (Blob *)op;
    if (!self->connection) Py_RETURN_NONE;
    PyMutex_Lock(&self->connection->lock);
    if (blob_close_internal(self)) return NULL;  // expect: FT407
    Py_RETURN_NONE;
}

static int lump_close_internal(Lump *self)
{
    if (self->stuck) return 1;
    if (self->connection) {
        PyMutex_Unlock(&self->connection->lock);
        Py_CLEAR(self->connection);
    }
    return 0;
}

static void lump_dealloc(PyObject *op)
{
    Lump *self = (Lump *)op;
    if (self->connection) PyMutex_Lock(&self->connection->lock);  // expect: FT407
    lump_close_internal(self);
    Py_TYPE(op)->tp_free(op);
}

static PyObject *lump_read(PyObject *op, PyObject *arg)
{
    Lump *self = (Lump *)op;
    self->stuck = 1;
    if (PyErr_CheckSignals() < 0) return NULL;
    self->stuck = 0;
    Py_RETURN_NONE;
}

static PyMethodDef blob_methods[] = {
    {"close", blob_close, METH_NOARGS, NULL}, {"read", blob_read, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject BlobType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Blob", .tp_basicsize = sizeof(Blob),
    .tp_flags = Py_TPFLAGS_DEFAULT, .tp_dealloc = blob_dealloc, .tp_methods = blob_methods};
static PyMethodDef lump_methods[] = {{"read", lump_read, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyTypeObject LumpType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "m.Lump", .tp_basicsize = sizeof(Lump),
    .tp_flags = Py_TPFLAGS_DEFAULT, .tp_dealloc = lump_dealloc, .tp_methods = lump_methods};

static int exec(PyObject *module)
{
    return PyModule_AddType(module, &BlobType) < 0 ? -1 : PyModule_AddType(module, &LumpType);
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
