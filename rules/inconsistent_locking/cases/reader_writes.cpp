// Readers of a shared mutex run beside each other: what one of them changes, the others see half.
#include <pybind11/pybind11.h>

#include <mutex>
#include <shared_mutex>

namespace py = pybind11;

class Gauge {
 public:
    double level() const
    {
        std::shared_lock<std::shared_mutex> reading(mutex_);
        return level_;
    }
    void fill(double by)
    {
        std::unique_lock<std::shared_mutex> writing(mutex_);
        level_ += by;
        ++fillings_;
    }
    long count()
    {
        std::shared_lock<std::shared_mutex> reading(mutex_);
        return ++fillings_;  // expect: FT303
    }

 private:
    mutable std::shared_mutex mutex_;
    double level_ = 0;
    long fillings_ = 0;
};

PYBIND11_MODULE(gauges, m, py::mod_gil_not_used())
{
    py::class_<Gauge>(m, "Gauge")
        .def(py::init<>())
        .def("level", &Gauge::level)
        .def("fill", &Gauge::fill)
        .def("count", &Gauge::count);
}
