// An operator of the C++ struct compares two objects, and only one of them is locked; with both locked it is safe.
#include <Python.h>

struct Mast {
    PyObject_HEAD
    double height;
    bool operator<(const Mast &other) const { return height < other.height; }
};
extern PyTypeObject Mast_Type;

static PyObject *mast_raise(PyObject *op, PyObject *by)
{
    const double metres = PyFloat_AsDouble(by);
    Py_BEGIN_CRITICAL_SECTION(op);
    reinterpret_cast<Mast *>(op)->height += metres;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}

static PyObject *mast_lower(PyObject *op, PyObject *arg)
{
    if (!PyObject_TypeCheck(arg, &Mast_Type)) return PyErr_Format(PyExc_TypeError, "a Mast, please");
    bool lower;
    Py_BEGIN_CRITICAL_SECTION(op);
    lower = reinterpret_cast<Mast *>(op)->height < reinterpret_cast<Mast *>(arg)->height;  // expect: FT316
    Py_END_CRITICAL_SECTION();
    return PyBool_FromLong(lower);
}

static PyObject *mast_lower_both(PyObject *op, PyObject *arg)
{
    if (!PyObject_TypeCheck(arg, &Mast_Type)) return PyErr_Format(PyExc_TypeError, "a Mast, please");
    bool lower;
    Py_BEGIN_CRITICAL_SECTION2(op, arg);
    lower = *reinterpret_cast<Mast *>(op) < *reinterpret_cast<Mast *>(arg);
    Py_END_CRITICAL_SECTION2();
    return PyBool_FromLong(lower);
}

static PyMethodDef mast_methods[] = {{"raise_by", mast_raise, METH_O, nullptr},
                                     {"lower", mast_lower, METH_O, nullptr},
                                     {"lower_both", mast_lower_both, METH_O, nullptr},
                                     {nullptr, nullptr, 0, nullptr}};
PyTypeObject Mast_Type = {
    .ob_base = {PyObject_HEAD_INIT(nullptr) 0},
    .tp_name = "masts.Mast",
    .tp_basicsize = sizeof(Mast),
    .tp_methods = mast_methods,
    .tp_new = PyType_GenericNew,
};
static int masts_exec(PyObject *module) { return PyModule_AddType(module, &Mast_Type); }
