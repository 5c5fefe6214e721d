// A guard that an optional makes in place locks what it is made of.
#include <nanobind/nanobind.h>
#include <mutex>
#include <optional>

namespace nb = nanobind;

class Meter {
public:
    void add(long n) { std::optional<std::lock_guard<std::mutex>> guard(std::in_place, mutex_); total_ += n; }
    void take(long n)
    {
        std::optional<std::lock_guard<std::mutex>> guard(std::in_place, mutex_);
        guard.reset();
        noted_ = n;  // expect: FT303
    }
    long total() { std::lock_guard<std::mutex> guard(mutex_); return total_ + noted_; }
    void note(long n) { std::lock_guard<std::mutex> guard(mutex_); noted_ = n; }
private:
    std::mutex mutex_;
    long total_ = 0;
    long noted_ = 0;
};

NB_MODULE(meters, m)
{
    nb::class_<Meter>(m, "Meter").def(nb::init<>()).def("add", &Meter::add).def("take", &Meter::take)
        .def("total", &Meter::total).def("note", &Meter::note);
}
