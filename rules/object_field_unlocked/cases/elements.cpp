// What a member holds is the object's too, however it holds it: inline, in a container, behind a smart pointer.
#include <pybind11/pybind11.h>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace py = pybind11;

struct Berth { long tons = 0; bool busy = false; };

class Shelf {
public:
    void put(std::size_t i) { counts_[i]++; }  // expect: FT301
    long count(std::size_t i) const { return counts_.at(i); }
private:
    std::array<long, 8> counts_{};
};

class Pier {
public:
    void load(long n) { berth_->tons += n; }  // expect: FT301
    long tons() const { return berth_ ? berth_->tons : 0; }
private:
    std::optional<Berth> berth_ = Berth{};
};

class Quay {
public:
    explicit Quay(std::size_t n) : places_(n) {}
    void moor(std::size_t i) { places_[i].length++; }  // expect: FT301
    long moored(std::size_t i) const { return places_.at(i).length; }
private:
    struct Place { long length = 0; };
    std::vector<Place> places_;
};

class Ferry {
public:
    void board() { deck_->people++; }  // expect: FT301
    long people() const { return deck_->people; }
private:
    struct Deck { long people = 0; };
    std::unique_ptr<Deck> deck_ = std::make_unique<Deck>();
};

class Gauge {
public:
    explicit Gauge(std::size_t n) : samples_(n) {}
    void clear() { for (auto& sample : samples_) sample = 0; }  // expect: FT301
    double sum() const { double out = 0; for (auto it = samples_.begin(); it != samples_.end(); ++it) out += *it; return out; }
private:
    std::vector<double> samples_;
};

class Tide {
public:
    void rise(int by) { std::get<0>(level_) += by; }  // expect: FT301
    int level() const { return level_.first; }
private:
    std::pair<int, int> level_;
};

// The same with one lock around every use.
class Harbour {
public:
    explicit Harbour(std::size_t n) : berths_(n) {}
    void load(std::size_t i, long n)
    {
        const std::lock_guard<std::mutex> guard(mutex_);
        berths_[i].tons += n;
        counts_[i % 4]++;
        for (auto& berth : berths_) berth.busy = true;
        if (const auto found = by_name_.find(static_cast<int>(i)); found != by_name_.end()) found->second++;
    }
    long tons(std::size_t i) const
    {
        const std::lock_guard<std::mutex> guard(mutex_);
        const auto found = by_name_.find(static_cast<int>(i));
        return berths_.at(i).tons + counts_[i % 4] + (found == by_name_.end() ? 0 : found->second) + berths_[i].busy;
    }
private:
    std::vector<Berth> berths_;
    std::array<long, 4> counts_{};
    std::map<int, long> by_name_;
    mutable std::mutex mutex_;
};

// One method forgot the lock.
class Lighthouse {
public:
    void flash(int lamp)
    {
        const std::lock_guard<std::mutex> guard(mutex_);
        lamps_.at(lamp).flashes++;
    }
    long flashes(int lamp)
    {
        const std::lock_guard<std::mutex> guard(mutex_);
        return lamps_[lamp].flashes;
    }
    void reset(int lamp) { lamps_[lamp].flashes = 0; }  // expect: FT303
private:
    struct Lamp { long flashes = 0; };
    std::array<Lamp, 3> lamps_;
    std::mutex mutex_;
};

PYBIND11_MODULE(port, m, py::mod_gil_not_used())
{
    py::class_<Shelf>(m, "Shelf").def(py::init<>()).def("put", &Shelf::put).def("count", &Shelf::count);
    py::class_<Pier>(m, "Pier").def(py::init<>()).def("load", &Pier::load).def("tons", &Pier::tons);
    py::class_<Quay>(m, "Quay").def(py::init<std::size_t>()).def("moor", &Quay::moor).def("moored", &Quay::moored);
    py::class_<Ferry>(m, "Ferry").def(py::init<>()).def("board", &Ferry::board).def("people", &Ferry::people);
    py::class_<Gauge>(m, "Gauge").def(py::init<std::size_t>()).def("clear", &Gauge::clear).def("sum", &Gauge::sum);
    py::class_<Tide>(m, "Tide").def(py::init<>()).def("rise", &Tide::rise).def("level", &Tide::level);
    py::class_<Harbour>(m, "Harbour").def(py::init<std::size_t>()).def("load", &Harbour::load).def("tons", &Harbour::tons);
    py::class_<Lighthouse>(m, "Lighthouse").def(py::init<>()).def("flash", &Lighthouse::flash)
        .def("flashes", &Lighthouse::flashes).def("reset", &Lighthouse::reset);
}
