// A span over a vector's elements is good as long as nobody moves them: in a local that is filled under the lock, from
// a member that lets the lock go, by index or in a loop.
#include <nanobind/nanobind.h>

#include <mutex>
#include <span>
#include <vector>

namespace nb = nanobind;

class Series {
public:
    void append(double v) { std::lock_guard guard(mutex_); values_.push_back(v); }
    double sum()
    {
        std::span<const double> all;
        {
            std::lock_guard guard(mutex_);
            all = values_;
        }
        double out = 0;
        for (double v : all) out += v;  // expect: FT805
        return out;
    }

private:
    std::mutex mutex_;
    std::vector<double> values_;
};

class Row {
public:
    void append(double v) { std::lock_guard guard(mutex_); values_.push_back(v); }
    double first()
    {
        auto all = view();
        return all.empty() ? 0 : all[0];  // expect: FT805
    }

private:
    std::span<const double> view()
    {
        std::lock_guard guard(mutex_);
        return std::span<const double>(values_.data(), values_.size());
    }
    std::mutex mutex_;
    std::vector<double> values_;
};

// Within the lock, or over a copy.
class Column {
public:
    void append(double v) { std::lock_guard guard(mutex_); values_.push_back(v); }
    double sum() { std::lock_guard guard(mutex_); return add(values_); }
    double first()
    {
        std::lock_guard guard(mutex_);
        std::span<const double> all = values_;
        return all.empty() ? 0 : all[0];
    }
    double later()
    {
        std::vector<double> copy;
        {
            std::lock_guard guard(mutex_);
            copy = values_;
        }
        std::span<const double> all = copy;
        return all.empty() ? 0 : all[0] + add(copy);
    }

private:
    static double add(std::span<const double> all)
    {
        double out = 0;
        for (double v : all) out += v;
        return out;
    }
    std::mutex mutex_;
    std::vector<double> values_;
};

NB_MODULE(series, m)
{
    nb::class_<Series>(m, "Series").def(nb::init<>()).def("append", &Series::append).def("sum", &Series::sum);
    nb::class_<Row>(m, "Row").def(nb::init<>()).def("append", &Row::append).def("first", &Row::first);
    nb::class_<Column>(m, "Column").def(nb::init<>()).def("append", &Column::append).def("sum", &Column::sum)
        .def("first", &Column::first).def("later", &Column::later);
}
