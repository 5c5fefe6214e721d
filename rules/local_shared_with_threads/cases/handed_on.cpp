// Whoever starts the threads for the function: a loop over them that calls what it is given, a pool with a queue.
#include <Python.h>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

template <class F> static void each(std::size_t n, F body) {
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; t++)
    threads.push_back(std::thread([&, t] {
      for (std::size_t i = t; i < n; i += 4) body(i, t);
    }));
  for (auto& thread : threads) thread.join();
}

class Pool {
 public:
  explicit Pool(int n) {
    for (int i = 0; i < n; i++) threads_.emplace_back([this] { loop(); });
  }
  ~Pool() {
    {
      std::lock_guard<std::mutex> held(mutex_);
      stopped_ = true;
    }
    woken_.notify_all();
    for (auto& thread : threads_) thread.join();
  }
  void submit(std::function<void()> job) {
    {
      std::lock_guard<std::mutex> held(mutex_);
      jobs_.push_back(std::move(job));
    }
    woken_.notify_one();
  }

 private:
  void loop() {
    for (;;) {
      std::unique_lock<std::mutex> held(mutex_);
      woken_.wait(held, [this] { return stopped_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      held.unlock();
      job();
    }
  }
  std::mutex mutex_;
  std::condition_variable woken_;
  std::deque<std::function<void()>> jobs_;
  std::vector<std::thread> threads_;
  bool stopped_ = false;
};

static PyObject* sum(PyObject*, PyObject*) {
  std::vector<double> values(100), sums(4);
  double total = 0;
  each(values.size(), [&](std::size_t i, std::size_t) { total += values[i]; });  // expect: FT807
  each(values.size(), [&](std::size_t i, std::size_t t) { sums[t] += values[i]; });
  return PyFloat_FromDouble(total + sums[0] + sums[1] + sums[2] + sums[3]);
}

static PyObject* pooled(PyObject*, PyObject*) {
  long bare = 0, kept = 0;
  std::mutex mutex;
  {
    Pool pool(4);
    for (int i = 0; i < 10; i++) {
      pool.submit([&, i] { bare += i; });  // expect: FT807
      pool.submit([&, i] {
        std::lock_guard<std::mutex> held(mutex);
        kept += i;
      });
    }
  }
  return PyLong_FromLong(bare + kept);
}

static PyMethodDef methods[] = {
    {"sum", sum, METH_O, nullptr}, {"pooled", pooled, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
