// Two elements of an array of locks are one where the same variable chooses both (told as likely); where nobody can
// tell, they may be (possible).
#include <Python.h>
#include <mutex>

static std::mutex locks[8];
static long counts[8];

static void raise(unsigned at) {
  std::lock_guard<std::mutex> held(locks[at]);
  counts[at]++;
}
static PyObject* same(PyObject*, PyObject* arg) {
  const unsigned i = PyLong_AsUnsignedLong(arg) & 7;
  std::lock_guard<std::mutex> held(locks[i]);
  raise(i);  // expect: FT407
  Py_RETURN_NONE;
}
static PyObject* neighbour(PyObject*, PyObject* arg) {
  const unsigned i = PyLong_AsUnsignedLong(arg) & 7;
  std::lock_guard<std::mutex> held(locks[i]);
  raise(i ^ 1);  // expect: FT407
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"same", same, METH_O, nullptr}, {"neighbour", neighbour, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
