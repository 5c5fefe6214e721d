// What is bound is a pure virtual method of the base: Python reaches what the derived classes have of it.
#include <pybind11/pybind11.h>

#include <mutex>

namespace py = pybind11;

struct Walker {
    virtual ~Walker() = default;
    virtual int step() = 0;
    virtual int restart() = 0;
    virtual int skip() = 0;
};

struct GridWalker : Walker {
    int cell = 0;
    std::mutex mutex;

    int step() override
    {
        std::lock_guard<std::mutex> guard(mutex);
        return ++cell;
    }
    int skip() override
    {
        std::lock_guard<std::mutex> guard(mutex);
        return cell += 2;
    }
    int restart() override
    {
        cell = 0;  // expect: FT303
        return 0;
    }
};

struct LineWalker : Walker {
    int place = 0;
    std::mutex mutex;

    int step() override { return move(1); }
    int skip() override { return move(2); }
    int restart() override { return move(-1); }
    int move(int by)
    {
        std::lock_guard<std::mutex> guard(mutex);
        return place = by < 0 ? 0 : place + by;
    }
};

static Walker *make(bool flat)
{
    if (flat) return new LineWalker;
    return new GridWalker;
}

PYBIND11_MODULE(walkers, m, py::mod_gil_not_used())
{
    py::class_<Walker>(m, "Walker").def("step", &Walker::step).def("skip", &Walker::skip).def("restart", &Walker::restart);
    m.def("make", &make);
}
