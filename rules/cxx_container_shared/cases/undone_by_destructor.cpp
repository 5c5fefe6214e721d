// A destructor takes back what was half done when an exception passes: before the guard goes, where it was made after it;
// when the guard has gone, where it was made before.
#include <pybind11/pybind11.h>

#include <mutex>
#include <stdexcept>
#include <vector>

namespace py = pybind11;

struct Undo {
  std::vector<int>& items;
  std::size_t size;
  bool armed = true;
  ~Undo() {
    if (armed) items.resize(size);
  }
};
struct LateUndo {
  std::vector<int>& items;
  std::size_t size;
  bool armed = true;
  ~LateUndo() {
    if (armed) items.resize(size);  // expect: FT805
  }
};

class Pairs {
 public:
  void add(int a, int b) {
    std::lock_guard<std::mutex> held(mutex_);
    Undo undo{pairs_, pairs_.size()};
    pairs_.push_back(a);
    check(b);
    pairs_.push_back(b);
    undo.armed = false;
  }
  void add_late(int a, int b) {
    LateUndo undo{others_, 0};
    std::lock_guard<std::mutex> held(mutex_);
    undo.size = others_.size();
    others_.push_back(a);
    check(b);
    others_.push_back(b);
    undo.armed = false;
  }

 private:
  static void check(int b) {
    if (b < 0) throw std::runtime_error("b");
  }
  std::mutex mutex_;
  std::vector<int> pairs_, others_;
};

PYBIND11_MODULE(pairs, m, py::mod_gil_not_used()) {
  py::class_<Pairs>(m, "Pairs").def(py::init<>()).def("add", &Pairs::add).def("add_late", &Pairs::add_late);
}
