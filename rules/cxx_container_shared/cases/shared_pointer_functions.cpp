// std::atomic_load and atomic_store on a shared_ptr take and set the whole of it; a plain copy beside them does not.
#include <nanobind/nanobind.h>
#include <memory>
#include <string>

namespace nb = nanobind;

class Settings {
public:
    void put(std::string text) { std::atomic_store(&text_, std::make_shared<std::string>(std::move(text))); }
    std::size_t size()
    {
        const auto text = std::atomic_load(&text_);
        return text ? text->size() : 0;
    }
    void name(std::string text) { std::atomic_store(&name_, std::make_shared<std::string>(std::move(text))); }
    std::size_t length()
    {
        const auto name = name_;  // expect: FT805
        return name ? name->size() : 0;
    }

private:
    std::shared_ptr<std::string> text_, name_;
};

NB_MODULE(settings, m)
{
    nb::class_<Settings>(m, "Settings")
        .def(nb::init<>())
        .def("put", &Settings::put)
        .def("size", &Settings::size)
        .def("name", &Settings::name)
        .def("length", &Settings::length);
}
