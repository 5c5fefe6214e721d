// A handle of a binding as a global.
#include <pybind11/pybind11.h>

namespace py = pybind11;

static py::object hook;

static void set_hook(py::object to) { hook = to; }  // missed: FT205

static py::object call_hook() { return hook(); }

PYBIND11_MODULE(m, module, py::mod_gil_not_used())
{
    module.def("set_hook", &set_hook);
    module.def("call_hook", &call_hook);
}
