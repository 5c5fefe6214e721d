// A list that is made as long as a number says is this call's own, whoever has the number; one made from an object of
// the caller's is the caller's.
#include <pybind11/pybind11.h>

namespace py = pybind11;

static void put(const py::handle &list, py::ssize_t at, const py::handle &value)
{
    PyList_SET_ITEM(list.ptr(), at, value.inc_ref().ptr());  // expect: FT107
}

struct Row {
    py::ssize_t cells = 3;

    py::list numbers() const
    {
        py::list out{cells};
        for (py::ssize_t i = 0; i < cells; ++i) PyList_SET_ITEM(out.ptr(), i, py::int_(i).release().ptr());
        return out;
    }
    py::list doubled() const
    {
        py::list out{cells};
        for (py::ssize_t i = 0; i < cells; ++i) put(out, i, py::int_(2 * i));
        return out;
    }
};

static py::list cleared(py::list given)
{
    put(given, 0, py::none());
    return given;
}

PYBIND11_MODULE(rows, m, py::mod_gil_not_used())
{
    py::class_<Row>(m, "Row").def(py::init<>()).def("numbers", &Row::numbers).def("doubled", &Row::doubled);
    m.def("cleared", &cleared);
}
