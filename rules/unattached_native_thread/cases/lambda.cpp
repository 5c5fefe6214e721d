// The body of a std::thread, and a wrapper that attaches for it.
#include <pybind11/pybind11.h>
#include <thread>

namespace py = pybind11;

struct Attach {
    PyGILState_STATE state;
    Attach() { state = PyGILState_Ensure(); }
    ~Attach() { PyGILState_Release(state); }
};

static void f(int n)
{
    std::thread([n] {
        py::print(n);  // expect: FT507
    }).join();
    std::thread([n] {
        Attach attach;
        py::print(n);
    }).join();
}

PYBIND11_MODULE(m, m, py::mod_gil_not_used())
{
    m.def("f", &f);
}
