// pybind11 calls Python: a callback, a method of an object, what a Python class has in the place of a virtual method.
#include <pybind11/pybind11.h>

#include <mutex>

namespace py = pybind11;

class Alarm {
 public:
    virtual ~Alarm() = default;
    virtual void sound(long level) = 0;
    void raise(long level)
    {
        std::lock_guard<std::mutex> guard(mutex_);
        level_ = level;
        sound(level);  // expect: FT405
    }
    void listen(py::function listener)
    {
        std::lock_guard<std::mutex> guard(mutex_);
        listener_ = listener;
    }
    void tell()
    {
        std::lock_guard<std::mutex> guard(mutex_);
        listener_(level_);  // expect: FT405
    }
    void write(py::object file)
    {
        long level = 0;
        {
            std::lock_guard<std::mutex> guard(mutex_);
            level = level_;
        }
        file.attr("write")(level);
    }

 private:
    std::mutex mutex_;
    long level_ = 0;
    py::function listener_;
};

class PyAlarm : public Alarm {
 public:
    using Alarm::Alarm;
    void sound(long level) override { PYBIND11_OVERRIDE_PURE(void, Alarm, sound, level); }
};

PYBIND11_MODULE(alarms, m, py::mod_gil_not_used())
{
    py::class_<Alarm, PyAlarm>(m, "Alarm")
        .def(py::init<>())
        .def("sound", &Alarm::sound)
        .def("raise_", &Alarm::raise)
        .def("listen", &Alarm::listen)
        .def("tell", &Alarm::tell)
        .def("write", &Alarm::write);
}
