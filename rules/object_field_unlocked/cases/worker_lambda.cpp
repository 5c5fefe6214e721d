// A thread that runs a lambda has the object beside those who call its methods, even where a constructor started it.
#include <pybind11/pybind11.h>

#include <atomic>
#include <thread>

namespace py = pybind11;

class Turbine {
 public:
    Turbine() : thread_([this] { run(); }) {}
    ~Turbine()
    {
        stopped_ = true;
        thread_.join();
    }
    long turns() const { return turns_; }
    long sparks() const { return sparks_; }

 private:
    void run()
    {
        while (!stopped_) {
            ++turns_;  // expect: FT301
            ++sparks_;
        }
    }

    std::atomic<bool> stopped_{false};
    long turns_ = 0;
    std::atomic<long> sparks_{0};
    std::thread thread_;
};

PYBIND11_MODULE(turbines, m, py::mod_gil_not_used())
{
    py::class_<Turbine>(m, "Turbine").def(py::init<>()).def("turns", &Turbine::turns).def("sparks", &Turbine::sparks);
}
