// A getter beside methods that hold a guard.
#include <Python.h>
#include <mutex>

class Queue {
 public:
  void push() { std::lock_guard<std::mutex> guard(mutex_); ++size_; }
  void pop() { std::unique_lock<std::mutex> guard(mutex_); --size_; }
  int size() const { return size_; }  // expect: FT303

 private:
  std::mutex mutex_;
  int size_ = 0;
};

static Queue queue;

static PyObject *push(PyObject *, PyObject *) { queue.push(); Py_RETURN_NONE; }
static PyObject *pop(PyObject *, PyObject *) { queue.pop(); Py_RETURN_NONE; }
static PyObject *size(PyObject *, PyObject *) { return PyLong_FromLong(queue.size()); }

static PyMethodDef methods[] = {
    {"push", push, METH_NOARGS, nullptr},
    {"pop", pop, METH_NOARGS, nullptr},
    {"size", size, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, nullptr, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
