// What is borrowed from the caller's dict is handed to a template that uses it, without a reference; the other way takes
// the reference with the item.
#include <Python.h>

template <typename Use>
static PyObject *with(PyObject *object, Use use)
{
    return object != nullptr ? use(object) : Py_NewRef(Py_None);
}

static PyObject *describe(PyObject *, PyObject *berth)
{
    if (!PyDict_Check(berth)) return PyErr_Format(PyExc_TypeError, "a dict, please");
    PyObject *ship = PyDict_GetItemString(berth, "ship");  // expect: FT101
    return with(ship, [](PyObject *one) { return PyObject_Repr(one); });
}

static PyObject *name_of(PyObject *, PyObject *berth)
{
    if (!PyDict_Check(berth)) return PyErr_Format(PyExc_TypeError, "a dict, please");
    PyObject *ship = nullptr;
    if (PyDict_GetItemStringRef(berth, "ship", &ship) <= 0) return nullptr;
    PyObject *name = PyObject_Repr(ship);
    Py_DECREF(ship);
    return name;
}

static PyMethodDef methods[] = {
    {"describe", describe, METH_O, nullptr}, {"name_of", name_of, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
