// A macro of the project that expands to pybind11's.
#include <Python.h>
#include <pybind11/pybind11.h>

#define MY_MODULE(name) PYBIND11_MODULE(name, module, pybind11::mod_gil_not_used())

MY_MODULE(m) { module.attr("x") = 1; }
