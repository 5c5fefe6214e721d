// A method that moves out of an object that others use meets them.
#include <pybind11/pybind11.h>
#include <mutex>
#include <vector>

namespace py = pybind11;

class Store {
 public:
  Store() = default;
  Store(Store &&other) : items_(std::move(other.items_)) {}  // expect: FT805
  void add(int v) { std::lock_guard<std::mutex> guard(mutex_); items_.push_back(v); }
  bool has() { std::lock_guard<std::mutex> guard(mutex_); return !items_.empty(); }

 private:
  std::vector<int> items_;
  std::mutex mutex_;
};

struct Disk {
  explicit Disk(int first) { store.add(first); }
  Disk(Disk &&other) : store(std::move(other.store)) {}
  Store store;
};

PYBIND11_MODULE(m, m, py::mod_gil_not_used())
{
    py::class_<Disk>(m, "Disk")
        .def(py::init<int>())
        .def("take", [](Disk &d) { Disk own(std::move(d)); return own.store.has(); })
        .def("add", [](Disk &d, int v) { d.store.add(v); })
        .def("has", [](Disk &d) { return d.store.has(); });
}
