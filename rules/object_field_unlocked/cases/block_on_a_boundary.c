// The state of a hasher lies on a boundary of its own inside a larger block. While the block is being made nobody else has
// it; once the object has it, everybody does.
#include <Python.h>
#include <stdlib.h>

typedef struct {
  unsigned long sums[4];
  size_t fill;
} Lanes;

typedef struct {
  PyObject_HEAD
  Lanes *lanes;
} Hasher;

static void *on_boundary(size_t size, size_t boundary) {
  unsigned char *block = (unsigned char *)malloc(size + boundary);
  if (block == NULL) return NULL;
  size_t gap = boundary - ((size_t)block & (boundary - 1));
  unsigned char *inside = block + gap;
  inside[-1] = (unsigned char)gap;
  return inside;
}

static Lanes *lanes_new(void) {
  Lanes *lanes = (Lanes *)on_boundary(sizeof(Lanes), 64);
  if (lanes == NULL) return NULL;
  lanes->sums[0] = 7;
  lanes->fill = 0;
  return lanes;
}

static PyObject *hasher_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
  Hasher *self = (Hasher *)type->tp_alloc(type, 0);
  if (self == NULL) return NULL;
  self->lanes = lanes_new();
  if (self->lanes == NULL) {
    Py_DECREF(self);
    return PyErr_NoMemory();
  }
  return (PyObject *)self;
}

static PyObject *hasher_sum(Hasher *self, PyObject *unused) {
  unsigned long sum = 0;
  Py_BEGIN_CRITICAL_SECTION(self);
  sum = self->lanes->sums[0];
  Py_END_CRITICAL_SECTION();
  return PyLong_FromUnsignedLong(sum);
}

static PyObject *hasher_add(Hasher *self, PyObject *unused) {
  Py_BEGIN_CRITICAL_SECTION(self);
  self->lanes->sums[0] += 1;
  Py_END_CRITICAL_SECTION();
  Py_RETURN_NONE;
}

static PyObject *hasher_fill(Hasher *self, PyObject *unused) {
  return PyLong_FromSize_t(self->lanes->fill);  // read here, and written without a lock below
}

static PyObject *hasher_clear(Hasher *self, PyObject *unused) {
  self->lanes->fill = 1 + self->lanes->fill;  // expect: FT301
  Py_RETURN_NONE;
}

static PyMethodDef hasher_methods[] = {
    {"sum", (PyCFunction)hasher_sum, METH_NOARGS, NULL},
    {"add", (PyCFunction)hasher_add, METH_NOARGS, NULL},
    {"fill", (PyCFunction)hasher_fill, METH_NOARGS, NULL},
    {"clear", (PyCFunction)hasher_clear, METH_NOARGS, NULL},
    {NULL},
};

PyTypeObject Hasher_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "hashers.Hasher",
    .tp_basicsize = sizeof(Hasher),
    .tp_new = hasher_new,
    .tp_methods = hasher_methods,
};
