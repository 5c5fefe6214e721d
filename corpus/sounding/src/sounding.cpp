// sounding: depths along a course, and what is computed of them.
#include <nanobind/make_iterator.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <mutex>
#include <numeric>
#include <string>
#include <vector>

namespace nb = nanobind;

namespace {

// Nothing keeps two threads with one course apart.
class Course {
 public:
  explicit Course(std::string name) : name_(std::move(name)) {}

  void add(double depth) {
    depths_.push_back(depth);  // expect: FT805
    ++added;                   // expect: FT301
  }
  std::size_t size() const { return depths_.size(); }
  double sum() const {
    nb::gil_scoped_release detached;
    return std::accumulate(depths_.begin(), depths_.end(), 0.0);
  }
  auto begin() const { return depths_.begin(); }
  auto end() const { return depths_.end(); }
  const std::string& name() const { return name_; }  // never changes

  long added = 0;
  double tide = 0;

 private:
  const std::string name_;
  std::vector<double> depths_;
};

class Chart {
 public:
  void add(double depth) {
    const std::lock_guard<std::mutex> guard(mutex_);
    depths_.push_back(depth);
  }
  std::size_t size() const {
    const std::lock_guard<std::mutex> guard(mutex_);
    return depths_.size();
  }
  double sum() const {
    nb::gil_scoped_release detached;
    const std::lock_guard<std::mutex> guard(mutex_);
    return std::accumulate(depths_.begin(), depths_.end(), 0.0);
  }
  std::vector<double> depths() const {
    const std::lock_guard<std::mutex> guard(mutex_);
    return depths_;
  }
  // The binding holds the section of the chart around these two.
  void shift(double by) { tide_ += by; }
  double tide() const { return tide_; }

 private:
  mutable std::mutex mutex_;
  std::vector<double> depths_;
  double tide_ = 0;
};

}  // namespace

NB_MODULE(sounding, m) {
  nb::class_<Course>(m, "Course")
      .def(nb::init<std::string>(), nb::arg("name"))
      .def("add", &Course::add)
      .def("__len__", &Course::size)
      .def("sum", &Course::sum)
      .def(
          "__iter__",
          [](const Course& self) {
            return nb::make_iterator<nb::rv_policy::copy>(nb::type<Course>(), "CourseIterator", self.begin(), self.end());
          },
          nb::keep_alive<0, 1>())
      .def_prop_ro("name", &Course::name)
      .def_ro("added", &Course::added)
      .def_rw("tide", &Course::tide);

  nb::class_<Chart>(m, "Chart")
      .def(nb::init<>())
      .def("add", &Chart::add)
      .def("__len__", &Chart::size)
      .def("sum", &Chart::sum)
      .def("__iter__", [](const Chart& self) { return nb::iter(nb::cast(self.depths())); })
      .def("shift", &Chart::shift, nb::lock_self())
      .def_prop_ro("tide", &Chart::tide, nb::lock_self());
}
