// An iterator that Python is given is walked when the member that made it has returned, and its guard is gone. Of what
// is never changed once the object is made it may be walked by anybody.
#include <pybind11/pybind11.h>

#include <mutex>
#include <vector>

namespace py = pybind11;

class Bag {
public:
    void append(long v) { std::lock_guard guard(mutex_); items_.push_back(v); }
    py::iterator iter()
    {
        std::lock_guard guard(mutex_);
        return py::make_iterator(items_.begin(), items_.end());  // expect: FT805
    }

private:
    std::mutex mutex_;
    std::vector<long> items_;
};

class Fixed {
public:
    explicit Fixed(long n) { for (long i = 0; i < n; ++i) items_.push_back(i); }
    py::iterator iter() { return py::make_iterator(items_.begin(), items_.end()); }

private:
    std::vector<long> items_;
};

PYBIND11_MODULE(bags, m, py::mod_gil_not_used())
{
    py::class_<Bag>(m, "Bag").def(py::init<>()).def("append", &Bag::append)
        .def("__iter__", &Bag::iter, py::keep_alive<0, 1>());
    py::class_<Fixed>(m, "Fixed").def(py::init<long>()).def("__iter__", &Fixed::iter, py::keep_alive<0, 1>());
}
