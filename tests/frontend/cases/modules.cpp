// Macros of binding systems: the module's name where a macro stands for it, a project's macro around the binding's, and one
// that is made of another, of which there is one module.
#define PYBIND11_MODULE(name, variable, ...) extern "C" void *init_of_##name() { return nullptr; }
#define BOOST_PYTHON_MODULE_INIT(name) extern "C" void *init_of_##name() { return nullptr; }
#define BOOST_PYTHON_MODULE BOOST_PYTHON_MODULE_INIT
#define MODULE_NAME GIVEN_NAME
#define GIVEN_NAME _stars
#define OUR_MODULE(name) PYBIND11_MODULE(name, m, py::mod_gil_not_used())
PYBIND11_MODULE(MODULE_NAME, m)
OUR_MODULE(_planets)
BOOST_PYTHON_MODULE(_moons)
PYBIND11_MODULE(_comets, m, py::mod_gil_not_used(),
                py::multiple_interpreters::not_supported())
