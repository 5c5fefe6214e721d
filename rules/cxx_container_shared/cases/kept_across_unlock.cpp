// What leads into a container is good only as long as nobody changes that: a view, a pointer, an iterator or a
// reference that is got under the lock and used after it.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace py = pybind11;

class Label {
public:
    void set(std::string text) { std::lock_guard<std::mutex> guard(mutex_); text_ = std::move(text); }
    std::size_t spaces()
    {
        std::size_t count = 0;
        for (char c : view()) count += c == ' ';  // expect: FT805
        return count;
    }
private:
    std::string_view view() { std::lock_guard<std::mutex> guard(mutex_); return text_; }
    std::mutex mutex_;
    std::string text_;
};

class Title {
public:
    void set(const std::string &text) { std::lock_guard<std::mutex> guard(mutex_); text_ = text; }
    std::size_t length()
    {
        const char *text;
        {
            std::lock_guard<std::mutex> guard(mutex_);
            text = text_.c_str();
        }
        return std::strlen(text);  // expect: FT805
    }
private:
    std::mutex mutex_;
    std::string text_;
};

class Index {
public:
    void put(int key, long value) { std::lock_guard<std::mutex> guard(mutex_); values_[key] = value; }
    void drop(int key) { std::lock_guard<std::mutex> guard(mutex_); values_.erase(key); }
    long get(int key)
    {
        std::map<int, long>::iterator found;
        {
            std::lock_guard<std::mutex> guard(mutex_);
            found = values_.find(key);
            if (found == values_.end()) return -1;
        }
        return found->second;  // expect: FT805
    }
private:
    std::mutex mutex_;
    std::map<int, long> values_;
};

// The same within the lock, or of a copy.
class Ledger {
public:
    void add(std::string line)
    {
        std::lock_guard<std::mutex> guard(mutex_);
        last_ = line, lines_.push_back(std::move(line)), seen_.erase(0);
    }
    std::size_t spaces()
    {
        std::string last;
        {
            std::lock_guard<std::mutex> guard(mutex_);
            last = last_;
        }
        const std::string_view view = last;
        return view.empty() ? 0 : std::strlen(last.c_str());
    }
    std::size_t length()
    {
        std::lock_guard<std::mutex> guard(mutex_);
        const std::vector<std::string> &all = lines_;
        const auto found = seen_.find(1);
        std::size_t out = found == seen_.end() ? 0 : found->second;
        for (const std::string &line : all) out += line.size() + std::strlen(last_.c_str());
        return out;
    }
private:
    std::mutex mutex_;
    std::string last_;
    std::vector<std::string> lines_;
    std::map<int, long> seen_;
};

// Nobody takes anything out of the map: its elements stay where they are, and have a lock of their own.
class Registry {
public:
    void hit(int key) { Entry &entry = of(key); std::lock_guard<std::mutex> guard(entry.mutex); entry.hits++; }
    long hits(int key) { Entry &entry = of(key); std::lock_guard<std::mutex> guard(entry.mutex); return entry.hits; }
private:
    struct Entry { std::mutex mutex; long hits = 0; };
    Entry &of(int key) { std::lock_guard<std::mutex> guard(mutex_); return entries_[key]; }
    std::mutex mutex_;
    std::map<int, Entry> entries_;
};

PYBIND11_MODULE(kept, m, py::mod_gil_not_used())
{
    py::class_<Label>(m, "Label").def(py::init<>()).def("set", &Label::set).def("spaces", &Label::spaces);
    py::class_<Title>(m, "Title").def(py::init<>()).def("set", &Title::set).def("length", &Title::length);
    py::class_<Index>(m, "Index").def(py::init<>()).def("put", &Index::put).def("drop", &Index::drop)
        .def("get", &Index::get);
    py::class_<Ledger>(m, "Ledger").def(py::init<>()).def("add", &Ledger::add).def("spaces", &Ledger::spaces)
        .def("length", &Ledger::length);
    py::class_<Registry>(m, "Registry").def(py::init<>()).def("hit", &Registry::hit).def("hits", &Registry::hits);
}
