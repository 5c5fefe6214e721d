#include <pybind11/detail/common.h>
#include "third_party/tally/tally.h"

static PyObject *count(PyObject *, PyObject *) { return PyLong_FromLong(pybind11::counted() + tally::counted()); }
static PyMethodDef methods[] = {{"count", count, METH_NOARGS, nullptr}, {nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "module", nullptr, 0, methods, slots};
PyMODINIT_FUNC PyInit_module() { return PyModuleDef_Init(&definition); }
