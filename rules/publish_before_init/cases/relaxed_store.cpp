// A pointer to what was just made, stored in no order: who loads it may see it before what it leads to. With release
// order it is seen last.
#include <pybind11/pybind11.h>
#include <atomic>

namespace py = pybind11;

struct Size { int width, height; };

class Window {
public:
    void resize(int width)
    {
        auto *made = new Size{width, width};
        size_.store(made, std::memory_order_relaxed);  // expect: FT312
    }
    int width()
    {
        const Size *size = size_.load(std::memory_order_relaxed);
        return size ? size->width : 0;
    }
private:
    std::atomic<Size *> size_{nullptr};
};

class Frame {
public:
    void resize(int width)
    {
        auto *made = new Size{width, width};
        size_.store(made, std::memory_order_release);
    }
    int width()
    {
        const Size *size = size_.load(std::memory_order_acquire);
        return size ? size->width : 0;
    }
private:
    std::atomic<Size *> size_{nullptr};
};

PYBIND11_MODULE(windows, m, py::mod_gil_not_used())
{
    py::class_<Window>(m, "Window").def(py::init<>()).def("resize", &Window::resize).def("width", &Window::width);
    py::class_<Frame>(m, "Frame").def(py::init<>()).def("resize", &Frame::resize).def("width", &Frame::width);
}
