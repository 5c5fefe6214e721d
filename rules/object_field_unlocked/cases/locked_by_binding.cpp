// nanobind takes the section of the object around a call that asks for it; a method that does not ask is bare.
#include <nanobind/nanobind.h>

namespace nb = nanobind;

struct Tank {
    long level = 0;
    long spilled = 0;
    void fill(long n) { level += n; }
    long read() const { return level; }
    void spill(long n) { spilled += n; }  // expect: FT301
};

NB_MODULE(tanks, m)
{
    nb::class_<Tank>(m, "Tank")
        .def(nb::init<>())
        .def("fill", &Tank::fill, nb::arg("n"), nb::lock_self())
        .def("read", &Tank::read, nb::lock_self())
        .def("level", [](const Tank &tank) { return tank.level; }, nb::lock_self())
        .def("pour", [](Tank &from, Tank &into) { into.level += from.level; }, nb::arg("into").lock(), nb::lock_self())
        .def("spill", &Tank::spill);
}
