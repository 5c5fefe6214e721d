// A flag that is taken by exchange keeps the others out for as long as it is set, whatever is called meanwhile.
#include <Python.h>
#include <stdatomic.h>

typedef struct {
    PyObject_HEAD
    atomic_flag in_use;
    PyObject *text;
    Py_ssize_t at;
} Scan;

static PyObject *step(Scan *self, PyObject *Py_UNUSED(ignored))
{
    if (atomic_flag_test_and_set(&self->in_use)) return PyErr_Format(PyExc_RuntimeError, "in use");
    self->at += PyUnicode_GET_LENGTH(self->text);
    atomic_flag_clear(&self->in_use);
    Py_RETURN_NONE;
}

static PyObject *show(Scan *self, PyObject *Py_UNUSED(ignored))
{
    if (atomic_flag_test_and_set(&self->in_use)) return PyErr_Format(PyExc_RuntimeError, "in use");
    PyObject *text = self->text;  // expect: FT103
    atomic_flag_clear(&self->in_use);
    return PyObject_Repr(text);
}

static PyObject *feed(Scan *self, PyObject *text)
{
    if (atomic_flag_test_and_set(&self->in_use)) return PyErr_Format(PyExc_RuntimeError, "in use");
    PyObject *old = self->text;
    self->text = Py_NewRef(text);
    atomic_flag_clear(&self->in_use);
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"step", (PyCFunction)step, METH_NOARGS, NULL},
    {"show", (PyCFunction)show, METH_NOARGS, NULL},
    {"feed", (PyCFunction)feed, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
PyTypeObject Scan_Type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "texts.Scan",
    .tp_basicsize = sizeof(Scan),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = methods,
};
