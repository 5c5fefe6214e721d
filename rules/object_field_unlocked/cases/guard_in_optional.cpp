// A guard in an optional holds its mutex from emplace() on, or from when the optional is made with one, until reset()
// or the end.
#include <nanobind/nanobind.h>
#include <mutex>
#include <optional>

namespace nb = nanobind;

class Meter {
public:
    void add(long n)
    {
        std::optional<std::lock_guard<std::mutex>> guard;
        guard.emplace(mutex_);
        total_ += n;
    }
    void take(long n)
    {
        std::optional<std::unique_lock<std::mutex>> guard(mutex_);
        total_ -= n;
    }
    long total() { const std::lock_guard<std::mutex> guard(mutex_); return total_; }

    void count()
    {
        std::optional<std::lock_guard<std::mutex>> guard;
        guard.emplace(mutex_);
        guard.reset();
        ++count_;  // expect: FT301
    }
    long counted() const { return count_; }
    void note(long n)
    {
        std::optional<std::lock_guard<std::mutex>> guard(std::nullopt);
        noted_ = noted_ + n;  // side: FT301
    }
    long noted() const { return noted_; }

private:
    std::mutex mutex_;
    long total_ = 0;
    long count_ = 0;
    long noted_ = 0;
};

NB_MODULE(meters, m)
{
    nb::class_<Meter>(m, "Meter")
        .def(nb::init<>())
        .def("add", &Meter::add)
        .def("take", &Meter::take)
        .def("total", &Meter::total)
        .def("count", &Meter::count)
        .def("counted", &Meter::counted)
        .def("note", &Meter::note)
        .def("noted", &Meter::noted);
}
