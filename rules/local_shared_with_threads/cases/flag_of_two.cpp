// A flag that each of two threads sets says that one of them is through, and not which. Each with a flag of its own, or
// the one started after the other is done, they say it.
#include <Python.h>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>
static PyObject* two_starts(PyObject*, PyObject*) {
  std::atomic<bool> found{false};
  std::mutex mutex;
  std::vector<int> hits;
  std::thread one([&] {
    {
      std::lock_guard<std::mutex> held(mutex);
      hits.push_back(1);  // expect: FT807
    }
    found.store(true);
  });
  std::thread two([&] {
    {
      std::lock_guard<std::mutex> held(mutex);
      hits.push_back(2);
    }
    found.store(true);
  });
  while (!found.load()) std::this_thread::yield();
  const std::size_t seen = hits.size();
  one.join();
  two.join();
  return PyLong_FromSize_t(seen);
}
static PyObject* two_flags(PyObject*, PyObject*) {
  std::atomic<bool> first{false}, second{false};
  long a = 0, b = 0;
  std::thread one([&] {
    a = 1;
    first.store(true);
  });
  std::thread two([&] {
    b = 1;
    second.store(true);
  });
  while (!first.load()) std::this_thread::yield();
  while (!second.load()) std::this_thread::yield();
  const long seen = a + b;
  one.join();
  two.join();
  return PyLong_FromLong(seen);
}
static PyObject* one_after_the_other(PyObject*, PyObject*) {
  std::atomic<bool> done{false};
  long a = 0, b = 0;
  std::thread one([&] {
    a = 1;
    done.store(true);
  });
  while (!done.load()) std::this_thread::yield();
  long seen = a;
  one.join();
  done.store(false);
  std::thread two([&] {
    b = 1;
    done.store(true);
  });
  while (!done.load()) std::this_thread::yield();
  seen += b;
  two.join();
  return PyLong_FromLong(seen);
}
static PyMethodDef methods[] = {{"two_starts", two_starts, METH_NOARGS, nullptr},
                                {"two_flags", two_flags, METH_NOARGS, nullptr},
                                {"one_after_the_other", one_after_the_other, METH_NOARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
