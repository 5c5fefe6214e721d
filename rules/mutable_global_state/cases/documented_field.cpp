// What follows the field in a binding describes it: the string is nobody's to set. A static member is.
#include <nanobind/nanobind.h>

namespace nb = nanobind;

static const char *doc_speed = "Metres in a second.";

struct Car {
    double speed = 0;
    static long made;
};
long Car::made = 0;

NB_MODULE(cars, m)
{
    nb::class_<Car>(m, "Car")
        .def(nb::init<>())
        .def_rw("speed", &Car::speed, doc_speed)
        .def_rw_static("made", &Car::made);  // expect: FT201
}
