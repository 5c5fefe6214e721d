// The head of an object is looked into, through a base class; Py_TYPE asks for it.
#include <Python.h>

struct Figure {
    PyObject_HEAD
};
struct Prow : Figure {
    long carved;
};

static PyObject *same_kind(PyObject *op, PyObject *other)
{
    const auto *self = static_cast<const Prow *>(reinterpret_cast<const Figure *>(op));
    return PyBool_FromLong(self->ob_base.ob_type == Py_TYPE(other));  // expect: FT008
}

static PyObject *same_kind_asked(PyObject *op, PyObject *other) { return PyBool_FromLong(Py_TYPE(op) == Py_TYPE(other)); }

static PyMethodDef methods[] = {{"same_kind", same_kind, METH_O, nullptr},
                                {"same_kind_asked", same_kind_asked, METH_O, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
