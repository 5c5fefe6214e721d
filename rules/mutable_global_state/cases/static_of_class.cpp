// A static member that is bound for reading and writing is written by Python with nothing held; one behind properties
// that use an atomic is not, nor is one that only the module's body sets.
#include <pybind11/pybind11.h>

#include <atomic>

namespace py = pybind11;

struct Options {
  static long depth;
  static std::atomic<long> level;
  static long width;
};
long Options::depth = 1;
std::atomic<long> Options::level{1};
long Options::width = 80;

PYBIND11_MODULE(options, m, py::mod_gil_not_used()) {
  Options::width = 100;
  py::class_<Options>(m, "Options")
      .def_readwrite_static("depth", &Options::depth)  // expect: FT201
      .def_property_static(
          "level", [](py::object) { return Options::level.load(); },
          [](py::object, long level) { Options::level.store(level); })
      .def_property_readonly_static("width", [](py::object) { return Options::width; });
}
