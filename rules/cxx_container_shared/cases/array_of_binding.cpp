// The handle of an array stays what it is where its items are asked for to be written; who has it made larger puts
// another array in. A list has a lock of its own: what is put into it is no change of the handle.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

namespace py = pybind11;

class Positions {
 public:
  explicit Positions(py::array_t<double> given) : array_(std::move(given)) {}
  double* data() { return array_.mutable_data(); }
  double first() const { return array_.data()[0]; }
  bool writable() { return data() != nullptr; }

 private:
  py::array_t<double> array_;
};

class Growing {
 public:
  explicit Growing(py::array_t<double> given) : array_(std::move(given)) {}
  double first() const { return array_.data()[0]; }
  void grow() { array_.resize({10}); }  // expect: FT805

 private:
  py::array_t<double> array_;
};

class Names {
 public:
  void add(py::str name) { names_.append(name); }
  py::ssize_t count() const { return static_cast<py::ssize_t>(names_.size()); }

 private:
  py::list names_;
};

class Replaced {
 public:
  void start() { names_ = py::list(); }  // expect: FT805
  py::ssize_t count() const { return static_cast<py::ssize_t>(names_.size()); }

 private:
  py::list names_;
};

PYBIND11_MODULE(arrays, m, py::mod_gil_not_used()) {
  py::class_<Positions>(m, "Positions")
      .def(py::init<py::array_t<double>>())
      .def("first", &Positions::first)
      .def("writable", &Positions::writable);
  py::class_<Growing>(m, "Growing")
      .def(py::init<py::array_t<double>>())
      .def("first", &Growing::first)
      .def("grow", &Growing::grow);
  py::class_<Names>(m, "Names").def(py::init<>()).def("add", &Names::add).def("count", &Names::count);
  py::class_<Replaced>(m, "Replaced").def(py::init<>()).def("start", &Replaced::start).def("count", &Replaced::count);
}
