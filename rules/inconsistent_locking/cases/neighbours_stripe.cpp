// Each function chooses lock and row by one value, but not in the same way: one of them has the lock of the row's
// neighbour. And a stripe that an accessor hands out, for the row that it was asked for and for another.
#include <pybind11/pybind11.h>

#include <array>
#include <mutex>

namespace py = pybind11;

class Rows {
 public:
  void raise(std::size_t i) {
    std::lock_guard<std::mutex> held(locks_[i & 7]);
    rows_[i & 7]++;
  }
  void raise_next(std::size_t i) {
    std::lock_guard<std::mutex> held(locks_[i & 7]);
    rows_[(i + 1) & 7]++;  // expect: FT303
  }

 private:
  std::array<std::mutex, 8> locks_;
  long rows_[8] = {};
};

class Cells {
 public:
  void set(std::size_t i, int value) {
    std::lock_guard<std::mutex> held(lock_of(i));
    cells_[i] = value;
    values_[i] = value;
  }
  int get(std::size_t i) {
    std::lock_guard<std::mutex> held(lock_of(i));
    return cells_[i] + values_[i];
  }
  void copy(std::size_t from, std::size_t to, int value) {
    std::lock_guard<std::mutex> held(lock_of(from));
    cells_[from] = value;
    values_[to] = value;  // expect: FT303
  }

 private:
  std::mutex& lock_of(std::size_t i) { return locks_[i % 16]; }
  std::mutex locks_[16];
  int cells_[1024] = {}, values_[1024] = {};
};

PYBIND11_MODULE(stripes, m, py::mod_gil_not_used()) {
  py::class_<Rows>(m, "Rows").def(py::init<>()).def("raise_", &Rows::raise).def("raise_next", &Rows::raise_next);
  py::class_<Cells>(m, "Cells")
      .def(py::init<>())
      .def("set", &Cells::set)
      .def("get", &Cells::get)
      .def("copy", &Cells::copy);
}
