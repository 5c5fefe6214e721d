// A lambda is run by whoever made it, by an algorithm, a helper of the project, a wait or a std::function: it has the
// object that it captured, and the lock that is held when it is run.
#include <pybind11/pybind11.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace py = pybind11;

class Aquarium {
 public:
    void feed(long grams)
    {
        std::lock_guard<std::mutex> guard(mutex_);
        eaten_ += grams;
        fed_.notify_all();
    }
    long by_algorithm(long first, long last)
    {
        long tanks[2] = {first, last};
        std::lock_guard<std::mutex> guard(mutex_);
        return std::count_if(tanks, tanks + 2, [this](long tank) { return tank < eaten_; });
    }
    long by_name()
    {
        std::lock_guard<std::mutex> guard(mutex_);
        Aquarium *self = this;
        const auto doubled = [&] { return self->eaten_ * 2; };
        return doubled();
    }
    long by_wait()
    {
        std::unique_lock<std::mutex> lock(mutex_);
        fed_.wait(lock, [this] { return eaten_ > 0; });
        return eaten_;
    }
    long by_function()
    {
        std::lock_guard<std::mutex> guard(mutex_);
        const std::function<long()> half = [this] { return eaten_ / 2; };
        return half();
    }
    long by_helper()
    {
        long out = 0;
        alone([&] { out = eaten_; });
        return out;
    }
    long without()
    {
        const auto third = [this] { return eaten_ / 3; };  // expect: FT303
        return third();
    }

 private:
    template <class Work> void alone(Work &&work)
    {
        std::lock_guard<std::mutex> guard(mutex_);
        work();
    }

    std::mutex mutex_;
    std::condition_variable fed_;
    long eaten_ = 0;
};

PYBIND11_MODULE(aquariums, m, py::mod_gil_not_used())
{
    py::class_<Aquarium>(m, "Aquarium")
        .def(py::init<>())
        .def("feed", &Aquarium::feed)
        .def("by_algorithm", &Aquarium::by_algorithm)
        .def("by_name", &Aquarium::by_name)
        .def("by_wait", &Aquarium::by_wait)
        .def("by_function", &Aquarium::by_function)
        .def("by_helper", &Aquarium::by_helper)
        .def("without", &Aquarium::without);
}
