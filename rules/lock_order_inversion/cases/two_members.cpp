// Two mutexes of one class: its members take them in either order. Those of the other class let go of the first before
// they take the second, or always begin with the same one.
#include <pybind11/pybind11.h>

#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

namespace py = pybind11;

class Circle {
 public:
  void add(std::string name) {
    std::unique_lock<std::shared_mutex> names(names_mutex_);
    std::lock_guard<std::mutex> sizes(sizes_mutex_);  // expect: FT408
    sizes_.push_back(name.size());
    names_.push_back(std::move(name));
  }
  std::size_t total() {
    std::lock_guard<std::mutex> sizes(sizes_mutex_);
    std::shared_lock<std::shared_mutex> names(names_mutex_);
    return names_.size() + sizes_.size();
  }

 private:
  std::shared_mutex names_mutex_;
  std::mutex sizes_mutex_;
  std::vector<std::string> names_;
  std::vector<std::size_t> sizes_;
};

class Line {
 public:
  void add(std::string name) {
    std::unique_lock<std::mutex> names(names_mutex_);
    const std::size_t size = name.size();
    names_.push_back(std::move(name));
    names.unlock();
    std::lock_guard<std::mutex> sizes(sizes_mutex_);
    sizes_.push_back(size);
  }
  std::size_t total() {
    std::lock_guard<std::mutex> sizes(sizes_mutex_);
    std::lock_guard<std::mutex> names(names_mutex_);
    return names_.size() + sizes_.size();
  }

 private:
  std::mutex names_mutex_, sizes_mutex_;
  std::vector<std::string> names_;
  std::vector<std::size_t> sizes_;
};

PYBIND11_MODULE(orders, m, py::mod_gil_not_used()) {
  py::class_<Circle>(m, "Circle").def(py::init<>()).def("add", &Circle::add).def("total", &Circle::total);
  py::class_<Line>(m, "Line").def(py::init<>()).def("add", &Line::add).def("total", &Line::total);
}
