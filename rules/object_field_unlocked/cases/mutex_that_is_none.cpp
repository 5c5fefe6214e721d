// A guard locks what its mutex locks: nothing, where that is a class that only looks like one.
#include <nanobind/nanobind.h>
#include <mutex>

namespace nb = nanobind;

struct NoMutex {
    void lock() {}
    void unlock() {}
};

template <class Mutex> class Counter {
public:
    void add(long n) { std::lock_guard<Mutex> guard(mutex_); total_ += n; }  // expect: FT301
    long total() { std::lock_guard<Mutex> guard(mutex_); return total_; }
private:
    Mutex mutex_;
    long total_ = 0;
};

template <class Mutex> class Meter {
public:
    void add(long n) { std::lock_guard<Mutex> guard(mutex_); total_ += n; }
    long total() { std::lock_guard<Mutex> guard(mutex_); return total_; }
private:
    Mutex mutex_;
    long total_ = 0;
};

NB_MODULE(counters, m)
{
    using One = Counter<NoMutex>;
    using Many = Meter<std::mutex>;
    nb::class_<One>(m, "One").def(nb::init<>()).def("add", &One::add).def("total", &One::total);
    nb::class_<Many>(m, "Many").def(nb::init<>()).def("add", &Many::add).def("total", &Many::total);
}
