// Who exchanged an atomic first, or counted it to a number, is alone behind it. That many get past a test of less is no
// proof, nor is that a loop goes on as long as a flag is set.
#include <Python.h>
#include <atomic>
#include <thread>
#include <vector>

template <class Body> static void run(Body body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) threads.emplace_back([&] { body(); });
  for (auto& thread : threads) thread.join();
}

static PyObject* alone(PyObject*, PyObject*) {
  std::atomic<int> left{4}, taken{0};
  std::atomic<bool> found{false};
  long last = 0, first = 0, one = 0;
  run([&] {
    if (!found.exchange(true)) first = 1;
    int none = 0;
    if (taken.compare_exchange_strong(none, 1)) one = 1;
    if (--left == 0) last = 1;
  });
  return PyLong_FromLong(last + first + one);
}

static PyObject* some(PyObject*, PyObject*) {
  std::atomic<int> count{0};
  long early = 0;
  run([&] {
    if (count.fetch_add(1) < 3) early++;  // expect: FT807
  });
  return PyLong_FromLong(early);
}

static PyObject* while_it_runs(PyObject*, PyObject*) {
  std::atomic<bool> running{true};
  long steps = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++)
    threads.emplace_back([&] {
      while (running.load()) steps++;  // expect: FT807
    });
  running = false;
  for (auto& thread : threads) thread.join();
  return PyLong_FromLong(steps);
}

static PyMethodDef methods[] = {{"alone", alone, METH_NOARGS, nullptr},
                                {"some", some, METH_NOARGS, nullptr},
                                {"while_it_runs", while_it_runs, METH_NOARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
