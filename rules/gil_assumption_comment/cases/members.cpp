// Comments of members: one takes for granted what is gone, one says what is done instead, one how to call it.
#include <pybind11/pybind11.h>

#include <mutex>

namespace py = pybind11;

class Tally {
 public:
  /// No lock is needed here, the GIL protects the count. expect: FT214
  void add() { ++count_; }
  /// The GIL does not protect this any more, the mutex does.
  void add_locked() {
    std::lock_guard<std::mutex> held(mutex_);
    ++locked_;
  }
  /// Must be called with the GIL held.
  long count() const { return count_; }

 private:
  std::mutex mutex_;
  long count_ = 0, locked_ = 0;
};

PYBIND11_MODULE(tallies, m, py::mod_gil_not_used()) {
  py::class_<Tally>(m, "Tally")
      .def(py::init<>())
      .def("add", &Tally::add)
      .def("add_locked", &Tally::add_locked)
      .def("count", &Tally::count);
}
