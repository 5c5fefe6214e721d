// A bound class is an object that Python hands to every thread: its members are fields of it.
#include <pybind11/pybind11.h>
#include <mutex>

namespace py = pybind11;

class Meter {
public:
    explicit Meter(long start) : total_(start), locked_(start) {}
    void add(long n) { total_ += n; }  // expect: FT301
    long total() const { return total_; }
    void add_locked(long n) { const std::lock_guard<std::mutex> guard(mutex_); locked_ += n; }
    long locked() const { const std::lock_guard<std::mutex> guard(mutex_); return locked_; }
    long limit = 10;
private:
    long total_;
    long locked_;
    mutable std::mutex mutex_;
};

class Stepper {
public:
    void step(int n) { steps += n; }  // expect: FT301
    void step(double) {}
    long steps = 0;
};

PYBIND11_MODULE(meters, m, py::mod_gil_not_used())
{
    py::class_<Meter> meter(m, "Meter");
    meter.def(py::init<long>())
        .def("add", &Meter::add)
        .def_property_readonly("total", &Meter::total)
        .def("add_locked", &Meter::add_locked)
        .def_property_readonly("locked", &Meter::locked)
        .def_readonly("limit", &Meter::limit);
    py::class_<Stepper>(m, "Stepper").def(py::init<>()).def("step", py::overload_cast<int>(&Stepper::step));
}
