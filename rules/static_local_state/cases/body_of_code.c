// Code that was translated from another language works in static variables all through it: told once, at a call that
// gets there, and not for each of its functions.
#include <Python.h>

static int step_1(int n) {
  static int at, sum;
  sum = 1;
  for (at = 0; at < n; at++) sum += at;
  return sum;
}
static int step_2(int n) {
  static int at, sum;
  sum = 2;
  for (at = 0; at < n; at++) sum += at;
  return sum + step_1(n - 1);
}
static int step_3(int n) {
  static int at, sum;
  sum = 3;
  for (at = 0; at < n; at++) sum += at;
  return sum + step_2(n - 1);
}
static int step_4(int n) {
  static int at, sum;
  sum = 4;
  for (at = 0; at < n; at++) sum += at;
  return sum + step_3(n - 1);
}
static int step_5(int n) {
  static int at, sum;
  sum = 5;
  for (at = 0; at < n; at++) sum += at;
  return sum + step_4(n - 1);
}
static int step_6(int n) {
  static int at, sum;
  sum = 6;
  for (at = 0; at < n; at++) sum += at;
  return sum + step_5(n - 1);
}
static int step_7(int n) {
  static int at, sum;
  sum = 7;
  for (at = 0; at < n; at++) sum += at;
  return sum + step_6(n - 1);
}
static int step_8(int n) {
  static int at, sum;
  sum = 8;
  for (at = 0; at < n; at++) sum += at;
  return sum + step_7(n - 1);
}

static PyObject *solve(PyObject *self, PyObject *arg) {
  long n = PyLong_AsLong(arg);
  if (n == -1 && PyErr_Occurred()) return NULL;
  return PyLong_FromLong(step_8((int)n));  // expect: FT202
}

static PyObject *norm(PyObject *self, PyObject *arg) {
  long n = PyLong_AsLong(arg);
  if (n == -1 && PyErr_Occurred()) return NULL;
  return PyLong_FromLong(step_7((int)n));
}

static PyMethodDef methods[] = {{"solve", solve, METH_O, NULL}, {"norm", norm, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "solver", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_solver(void) { return PyModuleDef_Init(&module); }
