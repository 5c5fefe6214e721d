// A logger that calls Python, where something is wrong and an exception follows: told with less confidence than one that
// is called in the ordinary course of things.
#include <Python.h>

#include <mutex>
#include <stdexcept>

static std::mutex mutex;
static PyObject *logger;
static long total;

static void log(const char *text) {
  PyGILState_STATE state = PyGILState_Ensure();
  Py_XDECREF(PyObject_CallFunction(logger, "s", text));
  PyGILState_Release(state);
}

static long checked(long n) {
  if (n < 0) {
    log("negative");
    throw std::runtime_error("negative");
  }
  return n;
}

static PyObject *add(PyObject *, PyObject *arg) {
  const long n = PyLong_AsLong(arg);
  std::lock_guard<std::mutex> guard(mutex);
  total += checked(n);  // expect: FT405
  Py_RETURN_NONE;
}

static PyObject *add_aloud(PyObject *, PyObject *arg) {
  const long n = PyLong_AsLong(arg);
  std::lock_guard<std::mutex> guard(mutex);
  total += n;
  log("added");  // expect: FT405
  Py_RETURN_NONE;
}

// What is thrown lets the lock go on its way, and may be caught right here.
static PyObject *add_positive(PyObject *, PyObject *arg) {
  const long n = PyLong_AsLong(arg);
  try {
    std::lock_guard<std::mutex> guard(mutex);
    if (n < 0) {
      log("negative");  // expect: FT405
      throw std::runtime_error("negative");
    }
    total += n;
  } catch (const std::exception &error) {
    PyErr_SetString(PyExc_ValueError, error.what());
    return nullptr;
  }
  Py_RETURN_NONE;
}

static PyObject *set_logger(PyObject *, PyObject *arg) {
  logger = Py_NewRef(arg);
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"add", add, METH_O, nullptr},
    {"add_aloud", add_aloud, METH_O, nullptr},
    {"add_positive", add_positive, METH_O, nullptr},
    {"set_logger", set_logger, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, "m", nullptr, -1, methods};

PyMODINIT_FUNC PyInit_m() { return PyModule_Create(&module_def); }
