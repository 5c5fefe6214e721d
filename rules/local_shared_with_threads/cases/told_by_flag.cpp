// A flag that is set when the work is done lets who finds it set use the result, and so does a count that has come to its
// end. One that is set before the work, by one of several threads, or in no order says nothing; nor does an atomic that is
// only looked at on the way. A plain number that a declaration copies is no read that is seen.
#include <Python.h>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

static PyObject* when_done(PyObject*, PyObject*) {
  std::atomic<bool> done{false};
  long result = 0;
  std::thread worker([&] {
    result = 7;
    done.store(true, std::memory_order_release);
  });
  while (!done.load(std::memory_order_acquire)) std::this_thread::yield();
  const long seen = result;
  worker.join();
  return PyLong_FromLong(seen);
}

static PyObject* when_all_are_done(PyObject*, PyObject*) {
  std::atomic<int> left{2};
  long a = 0, b = 0;
  std::thread one([&] {
    a = 1;
    left.fetch_sub(1);
  });
  std::thread two([&] {
    b = 1;
    left.fetch_sub(1);
  });
  while (left.load() > 0) std::this_thread::yield();
  const long seen = a + b;
  one.join();
  two.join();
  return PyLong_FromLong(seen);
}

static PyObject* handed_over(PyObject*, PyObject*) {
  std::atomic<bool> ready{false};
  long value = 0, out = 0;
  std::thread giver([&] {
    value = 7;
    ready.store(true);
  });
  std::thread taker([&] {
    while (!ready.load()) std::this_thread::yield();
    out = value;
  });
  giver.join();
  taker.join();
  return PyLong_FromLong(out);
}

static PyObject* when_started(PyObject*, PyObject*) {
  std::atomic<bool> started{false};
  long result = 0;
  std::thread worker([&] {
    started.store(true);
    result = 7;  // missed: FT807
  });
  while (!started.load()) std::this_thread::yield();
  const long seen = result;
  worker.join();
  return PyLong_FromLong(seen);
}

static PyObject* when_one_is_done(PyObject*, PyObject*) {
  std::atomic<bool> found{false};
  std::mutex mutex;
  std::vector<int> hits;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++)
    threads.emplace_back([&, i] {
      {
        std::lock_guard<std::mutex> held(mutex);
        hits.push_back(i);  // expect: FT807
      }
      found.store(true);
    });
  while (!found.load()) std::this_thread::yield();
  const std::size_t seen = hits.size();
  for (auto& thread : threads) thread.join();
  return PyLong_FromSize_t(seen);
}

static PyObject* in_no_order(PyObject*, PyObject*) {
  std::atomic<bool> done{false};
  long result = 0;
  std::thread worker([&] {
    result = 7;  // missed: FT807
    done.store(true, std::memory_order_relaxed);
  });
  while (!done.load(std::memory_order_relaxed)) std::this_thread::yield();
  const long seen = result;
  worker.join();
  return PyLong_FromLong(seen);
}

static PyObject* on_the_way(PyObject*, PyObject*) {
  std::atomic<long> steps{0};
  std::vector<int> found;
  std::thread worker([&] {
    for (int i = 0; i < 9; i++) {
      steps++;
      found.push_back(i);  // expect: FT807
    }
  });
  const long seen = steps.load();
  const std::size_t there = found.size();
  worker.join();
  return PyLong_FromLong(seen + static_cast<long>(there));
}

static PyMethodDef methods[] = {{"when_done", when_done, METH_NOARGS, nullptr},
                                {"when_all_are_done", when_all_are_done, METH_NOARGS, nullptr},
                                {"handed_over", handed_over, METH_NOARGS, nullptr},
                                {"when_started", when_started, METH_NOARGS, nullptr},
                                {"when_one_is_done", when_one_is_done, METH_NOARGS, nullptr},
                                {"in_no_order", in_no_order, METH_NOARGS, nullptr},
                                {"on_the_way", on_the_way, METH_NOARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
