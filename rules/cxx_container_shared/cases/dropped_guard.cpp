// A member hands out a std::unique_lock by value. In a local, by reference, in an `if` or as part of a pair it holds to
// the end of the scope; a temporary that nobody keeps is gone at the semicolon.
#include <pybind11/pybind11.h>

#include <mutex>
#include <utility>
#include <vector>

namespace py = pybind11;

class Shelf {
 public:
  void kept() {
    auto held = lock();
    fill();
  }
  void by_reference() {
    auto&& held = lock();
    fill();
  }
  void in_condition() {
    if (auto held = lock(); held.owns_lock()) fill();
  }
  void in_pair() {
    auto [held, n] = std::make_pair(lock(), 1);
    fill();
  }
  void within_expression() { (lock(), fill()); }

  void dropped() {
    lock();
    cups_.push_back(1);  // expect: FT805
  }
  void cast_away() {
    (void)lock();
    jars_.push_back(1);  // expect: FT805
  }
  void reference_gone() {
    { auto&& held = lock(); }
    tins_.push_back(1);  // expect: FT805
  }
  void pair_gone() {
    { auto [held, n] = std::make_pair(lock(), 1); }
    pots_.push_back(1);  // expect: FT805
  }

 private:
  std::unique_lock<std::mutex> lock() {
    std::unique_lock held(mutex_);
    return held;
  }
  void fill() {
    cups_.push_back(1);
    jars_.push_back(1);
    tins_.push_back(1);
    pots_.push_back(1);
  }
  std::mutex mutex_;
  std::vector<int> cups_, jars_, tins_, pots_;
};

PYBIND11_MODULE(shelves, m, py::mod_gil_not_used()) {
  py::class_<Shelf>(m, "Shelf")
      .def(py::init<>())
      .def("kept", &Shelf::kept)
      .def("by_reference", &Shelf::by_reference)
      .def("in_condition", &Shelf::in_condition)
      .def("in_pair", &Shelf::in_pair)
      .def("within_expression", &Shelf::within_expression)
      .def("dropped", &Shelf::dropped)
      .def("cast_away", &Shelf::cast_away)
      .def("reference_gone", &Shelf::reference_gone)
      .def("pair_gone", &Shelf::pair_gone);
}
