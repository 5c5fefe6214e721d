// What the library makes something of it copies; a pointer that is only followed stays as it is. The place is where
// the lock is missing.
#include <pybind11/pybind11.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace py = pybind11;

class Label {
 public:
    explicit Label(std::string text) : text_(std::move(text)) {}
    std::shared_ptr<std::string> copied() { return std::make_shared<std::string>(text_); }
    std::vector<std::string> listed()
    {
        std::vector<std::string> out;
        out.emplace_back(text_);
        return out;
    }
    void print()
    {
        std::lock_guard<std::mutex> guard(*mutex_);
        printed_.push_back(text_);
    }
    std::size_t printed()
    {
        return printed_.size();  // expect: FT805
    }
    void rename(std::string text)
    {
        std::lock_guard<std::mutex> guard(*mutex_);
        title_ = std::move(text);
    }
    std::shared_ptr<std::string> title()
    {
        return std::make_shared<std::string>(title_);  // expect: FT805
    }

 private:
    std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
    std::string text_, title_;
    std::vector<std::string> printed_;
};

PYBIND11_MODULE(labels, m, py::mod_gil_not_used())
{
    py::class_<Label>(m, "Label")
        .def(py::init<std::string>())
        .def("copied", &Label::copied)
        .def("listed", &Label::listed)
        .def("print", &Label::print)
        .def("printed", &Label::printed)
        .def("rename", &Label::rename)
        .def("title", &Label::title);
}
