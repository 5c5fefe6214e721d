// What an exception leaves a handler with: a guard outside of the try holds on, one inside has gone; a lock that was given
// back before is held again only where the handler takes it.
#include <pybind11/pybind11.h>

#include <mutex>
#include <stdexcept>
#include <vector>

namespace py = pybind11;

class Batch {
 public:
  void outside(int n) {
    std::lock_guard<std::mutex> held(mutex_);
    try {
      check(n);
      reds_.push_back(n);
    } catch (const std::exception&) {
      reds_.clear();
    }
  }
  void inside(int n) {
    try {
      std::lock_guard<std::mutex> held(mutex_);
      check(n);
      blues_.push_back(n);
    } catch (const std::exception&) {
      blues_.clear();  // expect: FT805
    }
  }
  void locked_again(int n) {
    std::unique_lock<std::mutex> held(mutex_);
    held.unlock();
    try {
      check(n);
    } catch (...) {
      held.lock();
      greens_.clear();
      return;
    }
    held.lock();
    greens_.push_back(n);
  }
  void left_open(int n) {
    std::unique_lock<std::mutex> held(mutex_);
    held.unlock();
    try {
      check(n);
    } catch (...) {
      whites_.clear();  // expect: FT805
      return;
    }
    held.lock();
    whites_.push_back(n);
  }

 private:
  static void check(int n) {
    if (n < 0) throw std::invalid_argument("n");
  }
  std::mutex mutex_;
  std::vector<int> reds_, blues_, greens_, whites_;
};

PYBIND11_MODULE(batches, m, py::mod_gil_not_used()) {
  py::class_<Batch>(m, "Batch")
      .def(py::init<>())
      .def("outside", &Batch::outside)
      .def("inside", &Batch::inside)
      .def("locked_again", &Batch::locked_again)
      .def("left_open", &Batch::left_open);
}
