// The header of a library is missing: the record keeps the fields whose types are known, and what is done with them.
#include <Python.h>

#include "library/not_here.h"

struct Builder {
  PyObject ob_base;
  library::Thing::Builder thing;
  PyObject *parent;
};

void give(Builder *self, PyObject *parent) { self->parent = parent; }
