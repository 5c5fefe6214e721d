// A mutex locked by hand stays locked when an exception leaves the function; a guard lets it go.
#include <pybind11/pybind11.h>

#include <mutex>
#include <stdexcept>
#include <vector>

namespace py = pybind11;

static void check(long n)
{
    if (n < 0) throw std::invalid_argument("negative");
}

class Till {
public:
    long at(std::size_t i)
    {
        mutex_.lock();
        const long out = coins_.at(i);  // expect: FT407
        mutex_.unlock();
        return out;
    }
    long take()
    {
        mutex_.lock();
        if (coins_.empty()) throw py::value_error("empty");  // expect: FT407
        const long out = coins_.back();
        coins_.pop_back();
        mutex_.unlock();
        return out;
    }
    void put(const py::object &coin)
    {
        mutex_.lock();
        coins_.push_back(coin.cast<long>());  // expect: FT407
        mutex_.unlock();
    }
    void put_checked(long coin)
    {
        mutex_.lock();
        check(coin);  // expect: FT407
        coins_.push_back(coin);
        mutex_.unlock();
    }

private:
    std::mutex mutex_;
    std::vector<long> coins_;
};

// Lets go first, takes the exception itself, or has a guard of its own or the library's.
class Hold {
public:
    explicit Hold(std::mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
    ~Hold() { mutex_.unlock(); }

private:
    std::mutex &mutex_;
};

class Safe {
public:
    long at(std::size_t i)
    {
        std::unique_lock<std::mutex> lock(mutex_);
        const long out = coins_.at(i);
        lock.unlock();
        return out;
    }
    long held_at(std::size_t i)
    {
        const Hold hold(mutex_);
        return coins_.at(i);
    }
    long take()
    {
        mutex_.lock();
        if (coins_.empty()) {
            mutex_.unlock();
            throw py::value_error("empty");
        }
        const long out = coins_.back();
        coins_.pop_back();
        mutex_.unlock();
        return out;
    }
    void put(const py::object &object)
    {
        const long coin = object.cast<long>();
        mutex_.lock();
        coins_.push_back(coin);
        mutex_.unlock();
    }
    void put_checked(long coin)
    {
        mutex_.lock();
        try {
            check(coin);
        } catch (...) {
            mutex_.unlock();
            throw;
        }
        coins_.push_back(coin);
        mutex_.unlock();
    }

private:
    std::mutex mutex_;
    std::vector<long> coins_;
};

PYBIND11_MODULE(tills, m, py::mod_gil_not_used())
{
    py::class_<Till>(m, "Till").def(py::init<>()).def("at", &Till::at).def("take", &Till::take).def("put", &Till::put)
        .def("put_checked", &Till::put_checked);
    py::class_<Safe>(m, "Safe").def(py::init<>()).def("at", &Safe::at).def("held_at", &Safe::held_at)
        .def("take", &Safe::take).def("put", &Safe::put).def("put_checked", &Safe::put_checked);
}
