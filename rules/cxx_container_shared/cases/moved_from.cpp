// A binding makes objects of what it has by value: the constructor that moves out of it meets nobody there.
#include <pybind11/pybind11.h>
#include <mutex>
#include <vector>

namespace py = pybind11;

class Store {
 public:
  Store() = default;
  Store(Store &&other) : items_(std::move(other.items_)) {}
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
        .def_static("make", [](int v) -> Disk { return Disk(v); })
        .def("add", [](Disk &d, int v) { d.store.add(v); })
        .def("has", [](Disk &d) { return d.store.has(); });
}
