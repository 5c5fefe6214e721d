// The tag is there and says no.
#include <Python.h>
#include <pybind11/pybind11.h>

PYBIND11_MODULE(m, module, pybind11::mod_gil_not_used(false)) {  // expect: FT003
    module.attr("x") = 1;
}
