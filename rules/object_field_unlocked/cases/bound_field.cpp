// A field bound for reading and writing is written by Python, with nothing held; one bound for reading alone is not.
#include <pybind11/pybind11.h>
#include <mutex>

namespace py = pybind11;

struct Valve {
    long opening = 0;
    const long size = 4;
    long flow() { const std::lock_guard<std::mutex> guard(mutex); return opening * size; }
    std::mutex mutex;
};

PYBIND11_MODULE(valves, m, py::mod_gil_not_used())
{
    py::class_<Valve>(m, "Valve")
        .def(py::init<>())
        .def("flow", &Valve::flow)
        .def_readonly("size", &Valve::size)
        .def_readwrite("opening", &Valve::opening);  // expect: FT301
}
