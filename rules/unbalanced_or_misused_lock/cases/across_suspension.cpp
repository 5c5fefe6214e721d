// A coroutine that waits with a lock in its hands leaves it to whoever resumes it, on whatever thread, or for good.
#include <Python.h>
#include <coroutine>
#include <mutex>
#include <vector>

struct Numbers {
  struct promise_type {
    long value = 0;
    Numbers get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(long next) {
      value = next;
      return {};
    }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

static std::mutex mutex;
static std::vector<long> items;

static Numbers held_all_along() {
  std::lock_guard<std::mutex> held(mutex);
  for (std::size_t i = 0; i < items.size(); i++) co_yield items[i];  // expect: FT407
}

static Numbers awaited() {
  std::unique_lock<std::mutex> held(mutex);
  items.clear();
  co_await std::suspend_always{};  // expect: FT407
  items.push_back(1);
}

static Numbers given_back() {
  std::unique_lock<std::mutex> held(mutex);
  for (std::size_t i = 0; i < items.size(); i++) {
    const long item = items[i];
    held.unlock();
    co_yield item;
    held.lock();
  }
}

static Numbers not_waiting() {
  {
    std::lock_guard<std::mutex> held(mutex);
    items.push_back(1);
    co_await std::suspend_never{};
  }
  co_await std::suspend_always{};
}

static PyObject* sum(PyObject*, PyObject*) {
  long all = 0;
  for (Numbers numbers : {held_all_along(), awaited(), given_back(), not_waiting()}) {
    for (numbers.handle.resume(); !numbers.handle.done(); numbers.handle.resume())
      all += numbers.handle.promise().value;
    numbers.handle.destroy();
  }
  return PyLong_FromLong(all);
}

static PyMethodDef methods[] = {{"sum", sum, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
