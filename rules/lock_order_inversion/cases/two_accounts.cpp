// Two objects of a bound class, one guard after the other: in the order of the arguments that is a circle. A guard that
// takes both at once, and two that adopt what std::lock() took, wait in no circle.
#include <pybind11/pybind11.h>

#include <mutex>

namespace py = pybind11;

class Account {
 public:
  void give(Account& other, long sum) {
    std::lock_guard<std::mutex> mine(mutex_);
    std::lock_guard<std::mutex> theirs(other.mutex_);  // expect: FT408
    balance_ -= sum;
    other.balance_ += sum;
  }

 private:
  std::mutex mutex_;
  long balance_ = 0;
};

class Purse {
 public:
  void give(Purse& other, long sum) {
    std::scoped_lock both(mutex_, other.mutex_);
    balance_ -= sum;
    other.balance_ += sum;
  }
  void take(Purse& other, long sum) {
    std::lock(other.mutex_, mutex_);
    std::lock_guard<std::mutex> theirs(other.mutex_, std::adopt_lock), mine(mutex_, std::adopt_lock);
    other.balance_ -= sum;
    balance_ += sum;
  }

 private:
  std::mutex mutex_;
  long balance_ = 0;
};

PYBIND11_MODULE(accounts, m, py::mod_gil_not_used()) {
  py::class_<Account>(m, "Account").def(py::init<>()).def("give", &Account::give);
  py::class_<Purse>(m, "Purse").def(py::init<>()).def("give", &Purse::give).def("take", &Purse::take);
}
