// The body of a coroutine runs in whoever resumes it, and is the object's like any other member: a count that it raises
// without the mutex is told, one that it raises under a guard which ends before the next step is not.
#include <pybind11/pybind11.h>

#include <coroutine>
#include <mutex>

namespace py = pybind11;

struct Steps {
  struct promise_type {
    Steps get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int) noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
  std::coroutine_handle<promise_type> handle;
  void run() {
    while (!handle.done()) handle.resume();
    handle.destroy();
  }
};

class Walk {
 public:
  void bare() { bare_steps().run(); }
  void locked() { locked_steps().run(); }

 private:
  Steps bare_steps() {
    for (int i = 0; i < 3; ++i) {
      taken_++;  // expect: FT301
      co_yield i;
    }
  }
  Steps locked_steps() {
    for (int i = 0; i < 3; ++i) {
      {
        std::lock_guard<std::mutex> held(mutex_);
        counted_++;
      }
      co_yield i;
    }
  }
  std::mutex mutex_;
  long taken_ = 0, counted_ = 0;
};

PYBIND11_MODULE(walks, m, py::mod_gil_not_used()) {
  py::class_<Walk>(m, "Walk").def(py::init<>()).def("bare", &Walk::bare).def("locked", &Walk::locked);
}
