// A guard of the project's own that a function returns: who keeps it holds the lock as long as it lives, who drops it
// holds nothing.
#include <pybind11/pybind11.h>

#include <mutex>
#include <vector>

namespace py = pybind11;

class Pile {
 public:
  class Hold {
   public:
    explicit Hold(std::mutex& mutex) : mutex_(&mutex) { mutex_->lock(); }
    Hold(Hold&& other) noexcept : mutex_(other.mutex_) { other.mutex_ = nullptr; }
    ~Hold() {
      if (mutex_) mutex_->unlock();
    }

   private:
    std::mutex* mutex_;
  };
  Hold hold() { return Hold(mutex_); }
  void add(int item) {
    auto held = hold();
    items_.push_back(item);
    scales_.push_back(1);
    weights_.push_back(1);
  }
  std::size_t size() {
    auto held = hold();
    return items_.size();
  }
  std::size_t dropped() {
    hold();
    return weights_.size();  // expect: FT805
  }
  std::size_t too_late() {
    { auto held = hold(); }
    return scales_.size();  // expect: FT805
  }

 private:
  std::mutex mutex_;
  std::vector<int> items_, weights_, scales_;
};

PYBIND11_MODULE(piles, m, py::mod_gil_not_used()) {
  py::class_<Pile>(m, "Pile")
      .def(py::init<>())
      .def("add", &Pile::add)
      .def("size", &Pile::size)
      .def("dropped", &Pile::dropped)
      .def("too_late", &Pile::too_late);
}
