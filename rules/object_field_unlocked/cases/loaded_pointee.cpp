// Loading a std::atomic<std::shared_ptr> is one step; what it leads to is everybody's. What is made anew, filled and
// stored whole is changed by nobody afterwards.
#include <pybind11/pybind11.h>

#include <atomic>
#include <memory>

namespace py = pybind11;

struct Config { long limit = 0; };

class Service {
public:
    void set_limit(long limit)
    {
        auto config = config_.load();
        config->limit = limit;  // expect: FT301
    }
    long limit() const { return config_.load()->limit; }
    void reset() { config_.store(std::make_shared<Config>()); }

private:
    std::atomic<std::shared_ptr<Config>> config_{std::make_shared<Config>()};
};

struct Plan { long limit = 0; };

class Planned {
public:
    void set_limit(long limit)
    {
        auto fresh = std::make_shared<Plan>(*plan_.load());
        fresh->limit = limit;
        plan_.store(std::move(fresh));
    }
    long limit() const
    {
        auto plan = plan_.load(std::memory_order_acquire);
        return plan->limit;
    }

private:
    std::atomic<std::shared_ptr<const Plan>> plan_{std::make_shared<const Plan>()};
};

PYBIND11_MODULE(services, m, py::mod_gil_not_used())
{
    py::class_<Service>(m, "Service").def(py::init<>()).def("set_limit", &Service::set_limit)
        .def("limit", &Service::limit).def("reset", &Service::reset);
    py::class_<Planned>(m, "Planned").def(py::init<>()).def("set_limit", &Planned::set_limit)
        .def("limit", &Planned::limit);
}
