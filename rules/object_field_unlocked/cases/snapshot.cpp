// A snapshot is a reference to what everybody has: changing what it leads to is changing theirs. What is made anew and
// filled before it is put in place is nobody else's.
#include <pybind11/pybind11.h>

#include <atomic>
#include <memory>
#include <mutex>

namespace py = pybind11;

struct Tally { long hits = 0; };

class Shared {
public:
    void hit() { snapshot()->hits += 1; }  // expect: FT301
    long hits() { return snapshot()->hits; }
    void reset()
    {
        auto fresh = std::make_shared<Tally>();
        std::lock_guard<std::mutex> guard(mutex_);
        tally_ = fresh;
    }

private:
    std::shared_ptr<Tally> snapshot() { std::lock_guard<std::mutex> guard(mutex_); return tally_; }
    std::mutex mutex_;
    std::shared_ptr<Tally> tally_ = std::make_shared<Tally>();
};

struct Score { long points = 0; };

class Late {
public:
    void set(long points)
    {
        auto fresh = std::make_shared<Score>();
        {
            std::lock_guard<std::mutex> guard(mutex_);
            score_ = fresh;
        }
        fresh->points = points;  // missed: FT301
    }
    long points()
    {
        std::shared_ptr<const Score> score;
        {
            std::lock_guard<std::mutex> guard(mutex_);
            score = score_;
        }
        return score ? score->points : 0;
    }

private:
    std::mutex mutex_;
    std::shared_ptr<const Score> score_;
};

struct Grade { long points = 0; };

class Copied {
public:
    void add(long points)
    {
        std::lock_guard<std::mutex> guard(mutex_);
        auto fresh = std::make_shared<Grade>(*grade_);
        fresh->points += points;
        grade_ = fresh;
    }
    long points() { return snapshot()->points; }

private:
    std::shared_ptr<const Grade> snapshot() { std::lock_guard<std::mutex> guard(mutex_); return grade_; }
    std::mutex mutex_;
    std::shared_ptr<const Grade> grade_ = std::make_shared<Grade>();
};

PYBIND11_MODULE(tallies, m, py::mod_gil_not_used())
{
    py::class_<Shared>(m, "Shared").def(py::init<>()).def("hit", &Shared::hit).def("hits", &Shared::hits)
        .def("reset", &Shared::reset);
    py::class_<Late>(m, "Late").def(py::init<>()).def("set", &Late::set).def("points", &Late::points);
    py::class_<Copied>(m, "Copied").def(py::init<>()).def("add", &Copied::add).def("points", &Copied::points);
}
