// A guard swaps an atomic flag of the object that it was made with, throws where somebody is there already, and gives
// the flag back when it goes. One class has a method that does without.
#include <pybind11/pybind11.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

namespace py = pybind11;

class InUse {
 public:
    explicit InUse(std::atomic<bool> &flag) : flag_(flag)
    {
        if (flag_.exchange(true, std::memory_order_acquire)) throw std::runtime_error("in use");
    }
    ~InUse() { flag_.store(false, std::memory_order_release); }
    InUse(const InUse &) = delete;

 private:
    std::atomic<bool> &flag_;
};

class Parser {
 public:
    void feed(const std::string &text)
    {
        InUse use(busy_);
        for (char c : text) stack_.push_back(c);
    }
    std::size_t depth()
    {
        InUse use(busy_);
        return stack_.size();
    }

 private:
    std::atomic<bool> busy_{false};
    std::vector<char> stack_;
};

class Once {
 public:
    explicit Once(std::atomic<bool> &flag) : flag_(flag)
    {
        if (flag_.exchange(true)) throw std::runtime_error("in use");
    }
    ~Once() { flag_ = false; }

 private:
    std::atomic<bool> &flag_;
};

class Writer {
 public:
    void put(char c)
    {
        Once once(busy_);
        text_.push_back(c);
    }
    std::size_t size() { return text_.size(); }  // expect: FT805

 private:
    std::atomic<bool> busy_{false};
    std::vector<char> text_;
};

PYBIND11_MODULE(parsers, m, py::mod_gil_not_used())
{
    py::class_<Parser>(m, "Parser").def(py::init<>()).def("feed", &Parser::feed).def("depth", &Parser::depth);
    py::class_<Writer>(m, "Writer").def(py::init<>()).def("put", &Writer::put).def("size", &Writer::size);
}
