// A guard that is told to release() leaves its mutex locked, until that is unlocked by the pointer it gave.
#include <nanobind/nanobind.h>
#include <mutex>

namespace nb = nanobind;

class Till {
public:
    void pay(long n)
    {
        std::unique_lock<std::mutex> guard(mutex_);
        std::mutex *mutex = guard.release();
        sum_ += n;
        mutex->unlock();
    }
    void owe(long n)
    {
        std::unique_lock<std::mutex> guard(mutex_);
        std::mutex *mutex = guard.release();
        mutex->unlock();
        sum_ -= n;  // expect: FT303
    }
    void reset()
    {
        const std::lock_guard<std::mutex> guard(mutex_);
        sum_ = 0;
    }
    long sum()
    {
        const std::lock_guard<std::mutex> guard(mutex_);
        return sum_;
    }

private:
    std::mutex mutex_;
    long sum_ = 0;
};

NB_MODULE(tills, m)
{
    nb::class_<Till>(m, "Till")
        .def(nb::init<>())
        .def("pay", &Till::pay)
        .def("owe", &Till::owe)
        .def("reset", &Till::reset)
        .def("sum", &Till::sum);
}
