// A std::future is no more than a pointer to what it waits for: who puts another one into the member, or takes the result
// out of it, changes it. What it leads to has a lock of its own.
#include <pybind11/pybind11.h>

#include <atomic>
#include <future>
#include <mutex>

namespace py = pybind11;

class Job {
 public:
  void start() {
    std::lock_guard<std::mutex> held(mutex_);
    later_ = std::async(std::launch::async, [this] { return ++count_; });
  }
  long finish() {
    std::future<long> later;
    {
      std::lock_guard<std::mutex> held(mutex_);
      later = std::move(later_);
    }
    return later.valid() ? later.get() : 0;
  }
  void start_bare() {
    bare_ = std::async(std::launch::async, [this] { return ++count_; });  // expect: FT805
  }
  long finish_bare() { return bare_.get(); }

 private:
  std::mutex mutex_;
  std::future<long> later_, bare_;
  std::atomic<long> count_{0};
};

PYBIND11_MODULE(jobs, m, py::mod_gil_not_used()) {
  py::class_<Job>(m, "Job")
      .def(py::init<>())
      .def("start", &Job::start)
      .def("finish", &Job::finish, py::call_guard<py::gil_scoped_release>())
      .def("start_bare", &Job::start_bare)
      .def("finish_bare", &Job::finish_bare, py::call_guard<py::gil_scoped_release>());
}
