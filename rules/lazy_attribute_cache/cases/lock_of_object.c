// An object's lock that the first long call makes: two who find none go in by two. One that tp_new makes is there.
#include <Python.h>
#include <pythread.h>

typedef struct {
  PyObject_HEAD PyThread_type_lock lazy, lock;
  long sum, total;
} Hash;

static PyObject* Hash_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  Hash* self = (Hash*)type->tp_alloc(type, 0);
  if (self == NULL) return NULL;
  if ((self->lock = PyThread_allocate_lock()) != NULL) return (PyObject*)self;
  Py_DECREF(self);
  return PyErr_NoMemory();
}

static void Hash_dealloc(Hash* self) {
  if (self->lazy) PyThread_free_lock(self->lazy);
  if (self->lock) PyThread_free_lock(self->lock);
  Py_TYPE(self)->tp_free(self);
}

static PyObject* Hash_add(Hash* self, PyObject* unused) {
  if (self->lazy == NULL) self->lazy = PyThread_allocate_lock();  // expect: FT307
  if (self->lazy == NULL) return PyErr_NoMemory();
  Py_BEGIN_ALLOW_THREADS PyThread_acquire_lock(self->lazy, 1);
  Py_END_ALLOW_THREADS self->sum++;
  PyThread_release_lock(self->lazy);
  Py_RETURN_NONE;
}

static PyObject* Hash_count(Hash* self, PyObject* unused) {
  Py_BEGIN_ALLOW_THREADS PyThread_acquire_lock(self->lock, 1);
  Py_END_ALLOW_THREADS self->total++;
  PyThread_release_lock(self->lock);
  Py_RETURN_NONE;
}

static PyMethodDef Hash_methods[] = {{"add", (PyCFunction)Hash_add, METH_NOARGS, NULL},
                                     {"count", (PyCFunction)Hash_count, METH_NOARGS, NULL},
                                     {NULL, NULL, 0, NULL}};
static PyTypeObject Hash_Type = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "hash.Hash",
                                 .tp_basicsize = sizeof(Hash),
                                 .tp_flags = Py_TPFLAGS_DEFAULT,
                                 .tp_new = Hash_new,
                                 .tp_dealloc = (destructor)Hash_dealloc,
                                 .tp_methods = Hash_methods};
static int hash_exec(PyObject* module) { return PyModule_AddType(module, &Hash_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void*)hash_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "hash", .m_slots = slots};
PyMODINIT_FUNC PyInit_hash(void) { return PyModuleDef_Init(&definition); }
