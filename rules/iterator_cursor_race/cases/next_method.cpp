// An iterator without tp_iternext: its __next__ is a method, and FT301's.
#include <Python.h>

struct Steps { PyObject_HEAD long at; };

static PyObject *steps_next(PyObject *op, PyObject *)
{
  return PyLong_FromLong(reinterpret_cast<Steps *>(op)->at++);  // missed: FT305
}

static PyMethodDef steps_methods[] = {{"__next__", steps_next, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyType_Slot steps_slots[] = {{Py_tp_methods, steps_methods}, {0, nullptr}};
static PyType_Spec steps_spec = {"m.Steps", sizeof(Steps), 0, Py_TPFLAGS_DEFAULT, steps_slots};
PyMODINIT_FUNC PyInit_m(void) { return PyType_FromSpec(&steps_spec); }
