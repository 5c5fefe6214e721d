// The count of an object that others may have is written; taking the references one after the other is what works.
#include <Python.h>

static PyObject *fill(PyObject *, PyObject *args)
{
    PyObject *crate;
    Py_ssize_t n;
    if (!PyArg_ParseTuple(args, "On", &crate, &n)) return nullptr;
    PyObject *hold = PyList_New(n);
    if (hold == nullptr) return nullptr;
    Py_SET_REFCNT(crate, Py_REFCNT(crate) + n);  // expect: FT603
    for (Py_ssize_t at = 0; at < n; ++at) PyList_SET_ITEM(hold, at, crate);
    return hold;
}

static PyObject *fill_each(PyObject *, PyObject *args)
{
    PyObject *crate;
    Py_ssize_t n;
    if (!PyArg_ParseTuple(args, "On", &crate, &n)) return nullptr;
    PyObject *hold = PyList_New(n);
    for (Py_ssize_t at = 0; hold != nullptr && at < n; ++at) PyList_SET_ITEM(hold, at, Py_NewRef(crate));
    return hold;
}

static PyMethodDef methods[] = {
    {"fill", fill, METH_VARARGS, nullptr}, {"fill_each", fill_each, METH_VARARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
