// The constructor of a static local runs once, and everybody who comes after waits until it is done: what it writes is
// no race with what is done under the object's lock later. What is done without that lock is.
#include <Python.h>
#include <mutex>

class Counts {
 public:
  explicit Counts(long start) : total_(start) { steps_ = 0; }
  long add(long n)
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    steps_++;
    return total_ += n;
  }

 private:
  std::mutex mutex_;
  long total_, steps_;
};

class Loose {
 public:
  explicit Loose(long start) : total_(start) {}
  long add(long n) { return total_ += n; }  // expect: FT202

 private:
  long total_;
};

static PyObject *add(PyObject *, PyObject *)
{
  static Counts counts(40);
  return PyLong_FromLong(counts.add(2));
}

static PyObject *lose(PyObject *, PyObject *)
{
  static Loose loose(40);
  return PyLong_FromLong(loose.add(2));
}

static PyMethodDef functions[] = {
    {"add", add, METH_NOARGS, nullptr},
    {"lose", lose, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, functions, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
