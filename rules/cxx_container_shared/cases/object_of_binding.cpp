// A handle of pybind11 that owns a reference is a smart pointer: who copies it while another thread replaces it counts
// on an object that is gone.
#include <pybind11/pybind11.h>

#include <mutex>

namespace py = pybind11;

class Mailbox {
 public:
    void redirect(py::object target)
    {
        std::lock_guard<std::mutex> guard(mutex_);
        std::swap(target_, target);
    }
    py::object target() const
    {
        return target_;  // expect: FT805
    }
    void answer(py::object text)
    {
        std::lock_guard<std::mutex> guard(mutex_);
        std::swap(text_, text);
    }
    py::object text() const
    {
        std::lock_guard<std::mutex> guard(mutex_);
        return text_;
    }
    py::object owner() const { return owner_; }

 private:
    mutable std::mutex mutex_;
    py::object target_, text_;
    py::object owner_ = py::none();
};

PYBIND11_MODULE(mailboxes, m, py::mod_gil_not_used())
{
    py::class_<Mailbox>(m, "Mailbox")
        .def(py::init<>())
        .def("redirect", &Mailbox::redirect)
        .def("target", &Mailbox::target)
        .def("answer", &Mailbox::answer)
        .def("text", &Mailbox::text)
        .def("owner", &Mailbox::owner);
}
