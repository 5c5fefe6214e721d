// lattice: what Python sees.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <ctime>

#include "grid.h"

namespace py = pybind11;
using lattice::Grid;
using lattice::Registry;

#ifndef LATTICE_DEFAULT_WIDTH
#define LATTICE_DEFAULT_WIDTH 4
#endif

namespace {

std::vector<PyObject*> watchers;  // weak references, owned
PyObject* defaults;               // dict: option -> value

// A row of a grid out of any list of numbers.
std::vector<double> row_of(py::handle numbers) {
  if (!PyList_Check(numbers.ptr())) throw py::type_error("a row is a list of numbers");
  std::vector<double> row;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(numbers.ptr()); ++i) {
    const double value = PyFloat_AsDouble(PyList_GET_ITEM(numbers.ptr(), i));  // expect: FT107
    if (value == -1 && PyErr_Occurred()) throw py::error_already_set();
    row.push_back(value);
  }
  return row;
}

std::shared_ptr<Grid> grid_of(py::object rows) {
  PyObject* fast = PySequence_Fast(rows.ptr(), "rows must be a sequence");  // expect: FT106
  if (fast == nullptr) throw py::error_already_set();
  const auto owner = py::reinterpret_steal<py::object>(fast);
  std::shared_ptr<Grid> grid;
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fast); ++i) {
    const std::vector<double> row = row_of(PySequence_Fast_GET_ITEM(fast, i));
    if (!grid) grid = std::make_shared<Grid>(row.size(), 0);
    grid->append_row(row);
  }
  return grid ? grid : std::make_shared<Grid>(LATTICE_DEFAULT_WIDTH, 0);
}

// An option as a reference of our own; None where it is not set.
py::object option(const std::string& name) {
  PyObject* value = PyDict_GetItemString(defaults, name.c_str());  // expect: FT102
  if (value == nullptr) return py::none();
  return py::reinterpret_borrow<py::object>(value);
}

void set_options(const py::kwargs& options) {
  PyObject *name, *value;
  Py_ssize_t pos = 0;
  while (PyDict_Next(options.ptr(), &pos, &name, &value))
    if (PyDict_SetItem(defaults, name, value) < 0) throw py::error_already_set();
}

void fill(Grid& grid, const py::dict& cells) {
  PyObject *cell, *value;
  Py_ssize_t pos = 0;
  while (PyDict_Next(cells.ptr(), &pos, &cell, &value)) {  // expect: FT104
    const auto where = py::cast<std::pair<std::size_t, std::size_t>>(py::handle(cell));
    grid.put(where.first, where.second, py::cast<double>(py::handle(value)));
  }
}

void watch(py::object watcher) {
  PyObject* reference = PyWeakref_NewRef(watcher.ptr(), nullptr);
  if (reference == nullptr) throw py::error_already_set();
  watchers.push_back(reference); // expect: FT805
}

std::size_t notify(const std::string& what) {
  std::size_t told = 0;
  for (PyObject* reference : watchers) {
    PyObject* watcher = PyWeakref_GetObject(reference);  // expect: FT111
    if (watcher == Py_None) continue;
    py::reinterpret_borrow<py::function>(watcher)(what);
    ++told;
  }
  return told;
}

// The corners as a fresh list of tuples: nobody else has it before it is returned.
py::object corners(const Grid& grid) {
  const std::size_t right = grid.width() ? grid.width() - 1 : 0, bottom = grid.height() ? grid.height() - 1 : 0;
  PyObject* list = PyList_New(4);
  if (list == nullptr) throw py::error_already_set();
  for (int i = 0; i < 4; ++i)
    PyList_SET_ITEM(list, i, py::make_tuple(i % 2 ? right : 0, i / 2 ? bottom : 0).release().ptr());
  return py::reinterpret_steal<py::object>(list);
}

py::tuple swapped(const py::tuple& cell) {
  if (PyTuple_GET_SIZE(cell.ptr()) != 2) throw py::value_error("a cell is a pair");
  return py::make_tuple(py::handle(PyTuple_GET_ITEM(cell.ptr(), 1)), py::handle(PyTuple_GET_ITEM(cell.ptr(), 0)));
}

}  // namespace

PYBIND11_MODULE(lattice, m) {  // expect: FT003
  m.doc() = "Points on a grid";
  defaults = PyDict_New();
  if (defaults == nullptr) throw py::error_already_set();

  py::class_<Grid, std::shared_ptr<Grid>>(m, "Grid")
      .def(py::init<std::size_t, std::size_t>(), py::arg("width") = LATTICE_DEFAULT_WIDTH, py::arg("height") = 1)
      .def_property_readonly("width", &Grid::width)
      .def_property_readonly("height", &Grid::height)
      .def("__getitem__", [](const Grid& self, std::pair<std::size_t, std::size_t> cell) { return self.at(cell.first, cell.second); })
      .def("__setitem__", [](Grid& self, std::pair<std::size_t, std::size_t> cell, double value) {
        self.put(cell.first, cell.second, value);
      })
      .def("append", [](Grid& self, py::list row) { self.append_row(row_of(row)); })
      .def("fill", &fill)
      .def("corners", &corners)
      .def("sum", [](const Grid& self) {
        py::gil_scoped_release without;
        return self.sum();
      });

  m.def("grid", &grid_of);
  m.def("distance", &lattice::distance);
  m.def("swapped", &swapped);
  m.def("watch", &watch);
  m.def("notify", &notify);
  m.def("options", &set_options);
  m.def("option", &option);
  m.def("register", [](const std::string& name, std::shared_ptr<Grid> grid) { Registry::get().add(name, std::move(grid)); });
  m.def("find", [](const std::string& name) { return Registry::get().find(name); });
  m.def("names", [] { return Registry::get().names(); });
  m.def("clear", [] { Registry::get().clear(); });
  m.def("__len__", [] { return Registry::get().size(); });
  m.def("first", [](py::list items) {
    return py::reinterpret_borrow<py::object>(PyList_GetItem(items.ptr(), 0));  // expect: FT102
  });
  m.def("tag", [](py::dict tags, const std::string& key) -> std::string {
    PyObject* tag = PyDict_GetItemString(tags.ptr(), key.c_str());  // expect: FT101
    if (tag == nullptr) return "";
    return py::cast<std::string>(py::str(py::handle(tag)));
  });
  m.def("has_tag", [](py::dict tags, const std::string& key) { return PyDict_GetItemString(tags.ptr(), key.c_str()) != nullptr; });
  m.def("year", [](std::time_t when) { return 1900 + std::gmtime(&when)->tm_year; });  // expect: FT801
}
