// Threads that are given the same local meet each other, whatever the function itself does.
#include <Python.h>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

static void count_up(long& count) { count++; }  // expect: FT807
static void count_atomically(std::atomic<long>& count) { count++; }
static void add(long* total, int n) { *total += n; }  // expect: FT807
static void work(long) {}

static PyObject* by_reference(PyObject*, PyObject*) {
  long count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) threads.emplace_back(count_up, std::ref(count));
  for (auto& thread : threads) thread.join();
  return PyLong_FromLong(count);
}

static PyObject* atomics(PyObject*, PyObject*) {
  std::atomic<long> count{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) threads.emplace_back(count_atomically, std::ref(count));
  for (auto& thread : threads) thread.join();
  return PyLong_FromLong(count);
}

static PyObject* by_pointer(PyObject*, PyObject*) {
  long total = 0, left = 0, right = 0;
  std::thread first(add, &total, 1), second(add, &total, 2);
  first.join();
  second.join();
  std::thread third(add, &left, 3), fourth(add, &right, 4);
  third.join();
  fourth.join();
  return PyLong_FromLong(total + left + right);
}

static PyObject* elements(PyObject*, PyObject*) {
  std::vector<long> sums(4);
  std::vector<int> done;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++)
    threads.emplace_back([&, i] {
      sums[i] += i;
      sums[0] += i;  // expect: FT807
      std::lock_guard<std::mutex> held(mutex);
      done.push_back(i);
    });
  for (auto& thread : threads) thread.join();
  return PyLong_FromLong(sums[0]);
}

static PyObject* own_mutex(PyObject*, PyObject*) {
  std::vector<int> done;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++)
    threads.emplace_back([&, i] {
      std::mutex mutex;
      std::lock_guard<std::mutex> held(mutex);
      done.push_back(i);  // expect: FT807
    });
  for (auto& thread : threads) thread.join();
  return PyLong_FromSize_t(done.size());
}

// The one that is last, and the one that was told to.
static PyObject* one_of_them(PyObject*, PyObject*) {
  std::atomic<int> left{4};
  long result = 0, progress = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++)
    threads.emplace_back([&, i] {
      if (i == 0) progress++;
      if (left.fetch_sub(1) == 1) result = 7;
    });
  for (auto& thread : threads) thread.join();
  return PyLong_FromLong(result + progress);
}

static PyObject* errors(PyObject*, PyObject*) {
  std::exception_ptr last = nullptr, kept = nullptr;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (long i = 0; i < 4; i++)
    threads.push_back(std::thread([&, i] {
      try {
        work(i);
      } catch (const std::exception&) {
        std::lock_guard<std::mutex> held(mutex);
        kept = std::current_exception();
      } catch (...) {
        last = std::current_exception();  // expect: FT807
      }
    }));
  for (auto& thread : threads) thread.join();
  if (last) std::rethrow_exception(last);
  if (kept) std::rethrow_exception(kept);
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"by_reference", by_reference, METH_O, nullptr},
                                {"atomics", atomics, METH_O, nullptr},
                                {"by_pointer", by_pointer, METH_O, nullptr},
                                {"elements", elements, METH_O, nullptr},
                                {"own_mutex", own_mutex, METH_O, nullptr},
                                {"one_of_them", one_of_them, METH_O, nullptr},
                                {"errors", errors, METH_O, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
