// Asked and then set: two threads can both be told that a berth is free. PyDict_SetDefaultRef asks and sets in one.
#include <Python.h>

namespace harbour {
PyObject *berths;

PyObject *moor(PyObject *, PyObject *args)
{
    PyObject *berth, *ship;
    if (!PyArg_ParseTuple(args, "UO", &berth, &ship)) return nullptr;
    const int taken = PyDict_Contains(berths, berth);  // expect: FT109
    if (taken < 0) return nullptr;
    if (taken) return PyErr_Format(PyExc_ValueError, "%U is taken", berth);
    return PyDict_SetItem(berths, berth, ship) < 0 ? nullptr : Py_NewRef(Py_None);
}

PyObject *moor_once(PyObject *, PyObject *args)
{
    PyObject *berth, *ship, *there = nullptr;
    if (!PyArg_ParseTuple(args, "UO", &berth, &ship)) return nullptr;
    const int taken = PyDict_SetDefaultRef(berths, berth, ship, &there);
    Py_XDECREF(there);
    if (taken < 0) return nullptr;
    if (taken) return PyErr_Format(PyExc_ValueError, "%U is taken", berth);
    return Py_NewRef(Py_None);
}
}  // namespace harbour

static int harbour_exec(PyObject *) { return (harbour::berths = PyDict_New()) ? 0 : -1; }
static PyMethodDef methods[] = {{"moor", harbour::moor, METH_VARARGS, nullptr},
                                {"moor_once", harbour::moor_once, METH_VARARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, reinterpret_cast<void *>(harbour_exec)}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "harbour", nullptr, 0, methods, slots};
PyMODINIT_FUNC PyInit_harbour() { return PyModuleDef_Init(&definition); }
