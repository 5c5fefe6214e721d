// The tags stand in macros of the project: one says it, one says something else.
#include <Python.h>
#include <pybind11/pybind11.h>

#define GIL_TAG pybind11::mod_gil_not_used()
#define STATE_TAG pybind11::multiple_interpreters::shared_gil()

PYBIND11_MODULE(said, module, GIL_TAG) { module.attr("x") = 1; }
PYBIND11_MODULE(unsaid, module, STATE_TAG) {  // expect: FT003
    module.attr("x") = 1;
}
