// A class bound to Python: its members are called from any thread, on one object.
#include <pybind11/pybind11.h>
#include <mutex>
#include <string>
#include <vector>

namespace py = pybind11;

class Journal {
 public:
  void add(const std::string &line) { lines_.push_back(line); }  // expect: FT805
  std::size_t size() const { return lines_.size(); }
  void name(const std::string &text) { std::lock_guard<std::mutex> guard(mutex_); title_ = text; }
  std::string named() { std::lock_guard<std::mutex> guard(mutex_); return title_; }

 private:
  std::vector<std::string> lines_;
  std::string title_;
  std::mutex mutex_;
};

PYBIND11_MODULE(m, m, py::mod_gil_not_used())
{
    py::class_<Journal>(m, "Journal").def(py::init<>()).def("add", &Journal::add).def("size", &Journal::size).def("name", &Journal::name).def("named", &Journal::named);
}
