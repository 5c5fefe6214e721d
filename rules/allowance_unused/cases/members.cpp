// Allowances of members and lambdas of C++: above or at the head they are for all of the body.
#include <pybind11/pybind11.h>

#include <vector>

namespace py = pybind11;

class Bag {
 public:
  // ftaudit: allow cxx-container-shared -- one thread fills it
  void add(int item) {
    items_.push_back(item);
  }
  // ftaudit: allow cxx-container-shared -- nothing to allow below, expect: FT093
  int answer() const {
    return 42;
  }

 private:
  std::vector<int> items_;
};

PYBIND11_MODULE(bags, m, py::mod_gil_not_used()) {
  py::class_<Bag>(m, "Bag").def(py::init<>()).def("add", &Bag::add).def("answer", &Bag::answer);
}
