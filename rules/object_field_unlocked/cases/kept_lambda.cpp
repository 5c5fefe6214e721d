// A lambda that a constructor puts into a member is called when everybody has the object.
#include <nanobind/nanobind.h>
#include <functional>
#include <mutex>

namespace nb = nanobind;

class Meter {
public:
    Meter() { step_ = [this](long n) { total_ += n; }; }  // expect: FT301
    void add(long n) { step_(n); }
    long total() const { return total_; }
private:
    long total_ = 0;
    std::function<void(long)> step_;
};

class Locked {
public:
    Locked() { step_ = [this](long n) { std::lock_guard<std::mutex> guard(mutex_); total_ += n; }; }
    void add(long n) { step_(n); }
    long total() { std::lock_guard<std::mutex> guard(mutex_); return total_; }
private:
    std::mutex mutex_;
    long total_ = 0;
    std::function<void(long)> step_;
};

NB_MODULE(meters, m)
{
    nb::class_<Meter>(m, "Meter").def(nb::init<>()).def("add", &Meter::add).def("total", &Meter::total);
    nb::class_<Locked>(m, "Locked").def(nb::init<>()).def("add", &Locked::add).def("total", &Locked::total);
}
