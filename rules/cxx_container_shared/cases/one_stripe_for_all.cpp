// What there is only one of in the object is changed under whichever stripe the caller's value chooses: another caller has
// another one. Who takes all of them is alone, and so is who has the stripe of its part.
#include <pybind11/pybind11.h>

#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace py = pybind11;

class Index {
 public:
  void note(std::size_t key) {
    std::lock_guard<std::mutex> held(locks_[key % 16]);
    keys_.push_back(key);  // expect: FT805
  }
  std::size_t noted(std::size_t key) {
    std::lock_guard<std::mutex> held(locks_[key % 16]);
    return keys_.size();
  }
  void put(const std::string& key, int value) {
    const std::size_t part = std::hash<std::string>{}(key) % 16;
    std::lock_guard<std::mutex> held(locks_[part]);
    parts_[part][key] = value;
  }
  bool has(const std::string& key) {
    std::lock_guard<std::mutex> held(locks_[std::hash<std::string>{}(key) % 16]);
    return parts_[std::hash<std::string>{}(key) % 16].contains(key);
  }
  void name(std::string text) {
    for (std::mutex& lock : locks_) lock.lock();
    name_ = std::move(text);
    for (std::mutex& lock : locks_) lock.unlock();
  }
  std::size_t length(std::size_t key) {
    std::lock_guard<std::mutex> held(locks_[key % 16]);
    return name_.size();
  }

 private:
  std::mutex locks_[16];
  std::vector<std::size_t> keys_;
  std::unordered_map<std::string, int> parts_[16];
  std::string name_;
};

PYBIND11_MODULE(indexes, m, py::mod_gil_not_used()) {
  py::class_<Index>(m, "Index")
      .def(py::init<>())
      .def("note", &Index::note)
      .def("noted", &Index::noted)
      .def("put", &Index::put)
      .def("has", &Index::has)
      .def("name", &Index::name)
      .def("length", &Index::length);
}
