// A call guard by another name lets the interpreter go all the same.
#include <pybind11/pybind11.h>

#include <condition_variable>
#include <mutex>

namespace py = pybind11;

class Gate {
public:
    void open()
    {
        std::lock_guard<std::mutex> guard(mutex_);
        open_ = true;
        opened_.notify_all();
    }
    void pass()
    {
        std::unique_lock<std::mutex> lock(mutex_);
        opened_.wait(lock, [this] { return open_; });
    }
    void enter()
    {
        std::unique_lock<std::mutex> lock(mutex_);
        opened_.wait(lock, [this] { return open_; });  // expect: FT506
    }

private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool open_ = false;
};

using detached = py::call_guard<py::gil_scoped_release>;

PYBIND11_MODULE(gates, m, py::mod_gil_not_used())
{
    py::class_<Gate>(m, "Gate").def(py::init<>()).def("open", &Gate::open, detached())
        .def("pass_", &Gate::pass, detached()).def("enter", &Gate::enter);
}
