// A single thread is alone with what it was given once the function waits for it; before that it is not.
#include <Python.h>
#include <future>
#include <map>
#include <mutex>
#include <thread>

struct Totals {
  long read = 0, written = 0;
};

static PyObject* in_time(PyObject*, PyObject*) {
  Totals totals;
  auto later = std::async(std::launch::async, [&] { totals.read += 2; });
  totals.written = 3;
  later.get();
  totals.read++;
  return PyLong_FromLong(totals.read + totals.written);
}

static PyObject* too_early(PyObject*, PyObject*) {
  Totals totals;
  auto later = std::async(std::launch::async, [&] { totals.read += 2; });  // expect: FT807
  const long seen = totals.read;
  later.get();
  return PyLong_FromLong(seen);
}

static PyObject* one_after_the_other(PyObject*, PyObject*) {
  long steps = 0;
  for (int i = 0; i < 3; i++) {
    std::thread worker([&] { steps++; });
    worker.join();
  }
  std::thread last([&] { steps++; });
  if (last.joinable()) last.join();
  return PyLong_FromLong(steps);
}

static PyObject* under_one_mutex(PyObject*, PyObject*) {
  std::mutex mutex;
  std::map<int, int> seen;
  std::thread worker([&] {
    std::lock_guard<std::mutex> held(mutex);
    seen[1] = 1;
  });
  {
    std::lock_guard<std::mutex> held(mutex);
    seen[2] = 2;
  }
  worker.join();
  return PyLong_FromSize_t(seen.size());
}

static PyObject* on_one_side(PyObject*, PyObject*) {
  std::mutex mutex;
  std::map<int, int> seen;
  std::thread worker([&] { seen[1] = 1; });  // expect: FT807
  {
    std::lock_guard<std::mutex> held(mutex);
    seen[2] = 2;
  }
  worker.join();
  return PyLong_FromSize_t(seen.size());
}

static PyObject* of_a_scope(PyObject*, PyObject*) {
  Totals totals;
  {
    std::jthread worker([&] { totals.read++; });
  }
  return PyLong_FromLong(totals.read);
}

static PyMethodDef methods[] = {{"in_time", in_time, METH_O, nullptr},
                                {"too_early", too_early, METH_O, nullptr},
                                {"one_after_the_other", one_after_the_other, METH_O, nullptr},
                                {"under_one_mutex", under_one_mutex, METH_O, nullptr},
                                {"on_one_side", on_one_side, METH_O, nullptr},
                                {"of_a_scope", of_a_scope, METH_O, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
