// A std::function that a binding makes of an argument calls back into Python.
#include <nanobind/nanobind.h>
#include <nanobind/stl/function.h>

#include <functional>
#include <mutex>
#include <vector>

namespace nb = nanobind;

class Bell {
public:
    void add(std::function<void(long)> listener)
    {
        const std::lock_guard<std::mutex> guard(mutex_);
        listeners_.push_back(std::move(listener));
    }
    void ring(long level)
    {
        std::vector<std::function<void(long)>> all;
        {
            const std::lock_guard<std::mutex> guard(mutex_);
            all = listeners_;
        }
        for (const auto &listener : all) listener(level);
    }
    void toll(long level)
    {
        const std::lock_guard<std::mutex> guard(mutex_);
        for (const auto &listener : listeners_) listener(level);  // expect: FT405
    }

private:
    std::mutex mutex_;
    std::vector<std::function<void(long)>> listeners_;
};

NB_MODULE(bells, m)
{
    nb::class_<Bell>(m, "Bell")
        .def(nb::init<>())
        .def("add", &Bell::add)
        .def("ring", &Bell::ring)
        .def("toll", &Bell::toll);
}
