// Guards of the project's own, one that has the mutex by pointer and one that has a guard of the library in itself. They
// are made in a function that hands them back, moved into another local, put into an optional or a member: whoever has
// them last gives the lock back.
#include <pybind11/pybind11.h>

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace py = pybind11;

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

struct Keep {
  explicit Keep(std::mutex& mutex) : lock(mutex) {}
  std::unique_lock<std::mutex> lock;
};

class Pile {
 public:
  void named() {
    auto held = made();
    fill();
  }
  void moved() {
    auto held = made();
    auto other = std::move(held);
    fill();
  }
  void in_optional() {
    std::optional<Hold> held(made());
    fill();
  }
  void by_member() {
    auto held = Keep(mutex_);
    fill();
  }
  void at_once() {
    Hold{mutex_};
    oaks_.push_back(1);  // expect: FT805
  }
  void moved_away() {
    auto held = made();
    { auto other = std::move(held); }
    elms_.push_back(1);  // expect: FT805
  }
  void optional_gone() {
    { std::optional<Hold> held(made()); }
    firs_.push_back(1);  // expect: FT805
  }
  void member_dropped() {
    keep();
    pines_.push_back(1);  // expect: FT805
  }

 private:
  Hold made() {
    Hold held(mutex_);
    return held;
  }
  Keep keep() { return Keep(mutex_); }
  void fill() {
    oaks_.push_back(1);
    elms_.push_back(1);
    firs_.push_back(1);
    pines_.push_back(1);
  }
  std::mutex mutex_;
  std::vector<int> oaks_, elms_, firs_, pines_;
};

PYBIND11_MODULE(piles, m, py::mod_gil_not_used()) {
  py::class_<Pile>(m, "Pile")
      .def(py::init<>())
      .def("named", &Pile::named)
      .def("moved", &Pile::moved)
      .def("in_optional", &Pile::in_optional)
      .def("by_member", &Pile::by_member)
      .def("at_once", &Pile::at_once)
      .def("moved_away", &Pile::moved_away)
      .def("optional_gone", &Pile::optional_gone)
      .def("member_dropped", &Pile::member_dropped);
}
