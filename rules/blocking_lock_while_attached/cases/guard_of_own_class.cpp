// Guards of the standard library over classes of the project: what they wait for is what the class's lock() waits for.
// A PyMutex lets go of the thread state while it waits; a std::mutex does not, and is held across Python code.
#include <Python.h>

#include <mutex>

class Gate {
 public:
  void lock() { PyMutex_Lock(&mutex_); }
  void unlock() { PyMutex_Unlock(&mutex_); }

 private:
  PyMutex mutex_{};
};

class Barrier {
 public:
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

static Gate gate;
static Barrier barrier;
static PyObject *last;

static PyObject *keep(PyObject *, PyObject *object) {
  const std::scoped_lock guard{gate};
  Py_XSETREF(last, PyObject_Str(object));  // expect: FT405
  Py_RETURN_NONE;
}

static PyObject *keep_long(PyObject *, PyObject *object) {
  const std::scoped_lock guard{barrier};    // expect: FT406
  Py_XDECREF(PyObject_Str(object));         // expect: FT405
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"keep", keep, METH_O, nullptr}, {"keep_long", keep_long, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "own", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_own(void) { return PyModuleDef_Init(&definition); }
