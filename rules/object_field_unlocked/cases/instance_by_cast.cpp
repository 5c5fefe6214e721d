// A function that is given the Python object takes its section, and then the C++ object that lies in it.
#include <nanobind/nanobind.h>

namespace nb = nanobind;

struct Tank {
    long level = 0;
    long spilled = 0;
};

static void fill(nb::handle self, long n)
{
    nb::ft_object_guard guard(self);
    Tank &tank = nb::cast<Tank &>(self);
    tank.level += n;
}
static long level(nb::handle self)
{
    nb::ft_object_guard guard(self);
    return nb::cast<Tank &>(self).level;
}
static void spill(nb::handle self, long n) { nb::cast<Tank &>(self).spilled += n; }  // expect: FT301
static long spilled(nb::handle self) { return nb::cast<Tank &>(self).spilled; }

NB_MODULE(tanks, m)
{
    nb::class_<Tank>(m, "Tank")
        .def(nb::init<>())
        .def("fill", &fill)
        .def("level", &level)
        .def("spill", &spill)
        .def("spilled", &spilled);
}
