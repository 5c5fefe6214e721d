// What a function is told about being attached stays as it was where somebody only looks at it, by a reference to const.
#include <Python.h>

template <class T> static void mention(const T &) {}
static void unsettle(int &way) { way = PyErr_Occurred() != nullptr; }

static void tell(const char *name, int detached) {
  PyGILState_STATE state = PyGILState_UNLOCKED;
  if (detached) state = PyGILState_Ensure();
  mention(name), mention(detached);
  PyErr_WriteUnraisable(Py_None);
  if (detached) PyGILState_Release(state);
}

// Somebody may have changed it.
static void tell_of(const char *name, int detached) {
  PyGILState_STATE state = PyGILState_UNLOCKED;
  if (detached) state = PyGILState_Ensure();
  mention(name), unsettle(detached);
  PyErr_WriteUnraisable(Py_None);
  if (detached) PyGILState_Release(state);
}

static PyObject *report(PyObject *, PyObject *) {
  PyGILState_STATE state = PyGILState_Ensure();
  tell("report", 0);
  PyGILState_Release(state);
  Py_RETURN_NONE;
}
static PyObject *report_of(PyObject *, PyObject *) {
  PyGILState_STATE state = PyGILState_Ensure();
  tell_of("report", 0);
  PyGILState_Release(state);
  Py_RETURN_NONE;  // expect: FT503
}
static PyMethodDef methods[] = {
    {"report", report, METH_NOARGS, nullptr}, {"report_of", report_of, METH_NOARGS, nullptr}, {nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "reports", nullptr, 0, methods, slots};
PyMODINIT_FUNC PyInit_reports() { return PyModuleDef_Init(&definition); }
