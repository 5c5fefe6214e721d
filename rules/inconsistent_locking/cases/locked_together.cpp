// std::lock() of guards that were made without locking takes what they were made with, and they give it back.
#include <pybind11/pybind11.h>

#include <mutex>

namespace py = pybind11;

struct Barrel {
    std::mutex mutex;
    double litres = 0;
    long pours = 0;
};

static double litres(Barrel &barrel)
{
    std::lock_guard<std::mutex> guard(barrel.mutex);
    ++barrel.pours;
    return barrel.litres;
}

static void pour(Barrel &from, Barrel &into, double amount)
{
    if (&from == &into) return;
    std::unique_lock<std::mutex> one(from.mutex, std::defer_lock), other(into.mutex, std::defer_lock);
    std::lock(one, other);
    from.litres -= amount;
    into.litres += amount;
}

static void forget(Barrel &barrel)
{
    std::unique_lock<std::mutex> guard(barrel.mutex, std::defer_lock);
    barrel.pours = 0;  // expect: FT303
}

PYBIND11_MODULE(barrels, m, py::mod_gil_not_used())
{
    py::class_<Barrel>(m, "Barrel").def(py::init<>()).def("litres", &litres).def("forget", &forget);
    m.def("pour", &pour);
}
