// The objects of a binding stand for what they hold: kwargs and what is made here are private, arguments are not.
#include <pybind11/pybind11.h>
#include <pybind11/critical_section.h>

namespace py = pybind11;

static int walked(PyObject *dict)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    int n = 0;
    while (PyDict_Next(dict, &pos, &key, &value)) n++;  // expect: FT104
    return n;
}

static int keywords(py::kwargs kwargs)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    int n = 0;
    while (PyDict_Next(kwargs.ptr(), &pos, &key, &value)) n++;
    return n;
}

static int made_here(int first)
{
    py::dict mine;
    mine["first"] = first;
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    int n = 0;
    while (PyDict_Next(mine.ptr(), &pos, &key, &value)) n++;
    return n;
}

static int argument(py::dict given) { return walked(given.ptr()); }

static int under_its_section(const py::dict &given)
{
    py::scoped_critical_section held(given);
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    int n = 0;
    while (PyDict_Next(given.ptr(), &pos, &key, &value)) n++;
    return n;
}

PYBIND11_MODULE(m, m, py::mod_gil_not_used())
{
    m.def("keywords", &keywords);
    m.def("made_here", &made_here);
    m.def("argument", &argument);
    m.def("under_its_section", &under_its_section);
}
