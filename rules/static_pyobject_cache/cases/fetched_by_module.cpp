// What only the body of NB_MODULE calls runs once, under the lock of the import; what a method calls as well does not.
#include <nanobind/nanobind.h>

namespace nb = nanobind;

static PyObject *decimal, *fractions;

static bool fetch_decimal()
{
    decimal = PyImport_ImportModule("decimal");
    return decimal != nullptr;
}

static bool fetch_fractions()
{
    fractions = PyImport_ImportModule("fractions");  // expect: FT205
    return fractions != nullptr;
}

static bool ready() { return decimal != nullptr && (fractions != nullptr || fetch_fractions()); }

NB_MODULE(numbers, m)
{
    if (!fetch_decimal()) throw nb::python_error();
    m.def("ready", &ready);
}
