// std::call_once of a member function hands it the object, which has the flag: once is once for each object.
#include <nanobind/nanobind.h>
#include <mutex>

namespace nb = nanobind;

class Lazy {
public:
    long value() { std::call_once(made_, &Lazy::make, this, 7); return value_; }
private:
    void make(long value) { value_ = value; }
    std::once_flag made_;
    long value_ = 0;
};

class Resettable {
public:
    long value() { std::call_once(made_, &Resettable::make, this); return value_; }
    void reset() { value_ = 0; }  // expect: FT301
private:
    void make() { value_ = 7; }
    std::once_flag made_;
    long value_ = 0;
};

NB_MODULE(lazies, m)
{
    nb::class_<Lazy>(m, "Lazy").def(nb::init<>()).def("value", &Lazy::value);
    nb::class_<Resettable>(m, "Resettable").def(nb::init<>()).def("value", &Resettable::value)
        .def("reset", &Resettable::reset);
}
