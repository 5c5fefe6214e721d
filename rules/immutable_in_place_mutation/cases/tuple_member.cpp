// A tuple that came from the caller is written to; one that was just made is being filled.
#include <Python.h>

template <typename Convert>
static PyObject *replaced(PyObject *args, Convert convert)
{
    PyObject *row, *value;
    if (!PyArg_ParseTuple(args, "OO", &row, &value)) return nullptr;
    if (PyTuple_SetItem(row, 0, convert(value)) < 0) return nullptr;  // expect: FT602
    return Py_NewRef(Py_None);
}

static PyObject *set_first(PyObject *, PyObject *args)
{
    return replaced(args, [](PyObject *value) { return Py_NewRef(value); });
}

static PyObject *pair_of(PyObject *, PyObject *value)
{
    PyObject *pair = PyTuple_New(2);
    if (pair == nullptr) return nullptr;
    for (Py_ssize_t at = 0; at < 2; ++at) PyTuple_SET_ITEM(pair, at, Py_NewRef(value));
    return pair;
}

static PyMethodDef methods[] = {
    {"set_first", set_first, METH_VARARGS, nullptr}, {"pair_of", pair_of, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
