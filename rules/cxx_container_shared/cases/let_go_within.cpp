// A guard that is kept in a pair or an optional, and let go in there: behind that nothing is held.
#include <pybind11/pybind11.h>

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace py = pybind11;

class Shelf {
 public:
  void kept() {
    std::optional<std::unique_lock<std::mutex>> held(lock());
    cups_.push_back(1);
  }
  void emptied() {
    std::optional<std::unique_lock<std::mutex>> held(lock());
    held.reset();
    jars_.push_back(1);  // expect: FT805
  }
  void unlocked() {
    auto both = std::make_pair(lock(), 1);
    both.first.unlock();
    tins_.push_back(1);  // expect: FT805
  }
  std::size_t count() {
    std::lock_guard<std::mutex> held(mutex_);
    return cups_.size() + jars_.size() + tins_.size();
  }

 private:
  std::unique_lock<std::mutex> lock() { return std::unique_lock<std::mutex>(mutex_); }

  std::mutex mutex_;
  std::vector<int> cups_, jars_, tins_;
};

PYBIND11_MODULE(shelves, m, py::mod_gil_not_used()) {
  py::class_<Shelf>(m, "Shelf")
      .def(py::init<>())
      .def("kept", &Shelf::kept)
      .def("emptied", &Shelf::emptied)
      .def("unlocked", &Shelf::unlocked)
      .def("count", &Shelf::count);
}
