// Reference counts (C API reference: Reference Counting, Sequence Protocol, Iterator Protocol; documentation of the
// binding systems: handles).
#include "capi/references.h"

#include "capi/names.h"

namespace ftaudit::capi {

namespace {

struct Count {
  std::string_view name;
  Counting counting;
};

}  // namespace

const std::vector<Count> count_table{
    {"Py_INCREF", Counting::takes},
    {"Py_XINCREF", Counting::takes},
    {"Py_IncRef", Counting::takes},
    {"pybind11::handle::inc_ref", Counting::takes},
    {"nanobind::handle::inc_ref", Counting::takes},
    {"Py_NewRef", Counting::hands_back},
    {"Py_XNewRef", Counting::hands_back},
    {"Py_BuildValue", Counting::in_result},
    {"PyTuple_Pack", Counting::in_result},
    {"pybind11::reinterpret_borrow", Counting::in_handle},
    {"nanobind::borrow", Counting::in_handle},
    {"Py_DECREF", Counting::drops},
    {"Py_XDECREF", Counting::drops},
    {"Py_DecRef", Counting::drops},
    {"Py_CLEAR", Counting::clears},
    {"Py_SETREF", Counting::replaces},
    {"Py_XSETREF", Counting::replaces},
};

// Exception Handling: "This function always returns NULL".
const std::vector<std::string_view> null_table{"PyErr_Format",
                                               "PyErr_FormatV",
                                               "PyErr_NoMemory",
                                               "PyErr_SetFromErrno*",
                                               "PyErr_SetFromWindowsErr*",
                                               "PyErr_SetExcFromWindowsErr*",
                                               "PyErr_SetImportError*"};

Counting counting(std::string_view name) {
  const Count* row = row_named<count_table>(name);
  return row == nullptr ? Counting::none : row->counting;
}

bool may_hand_back(std::string_view name) {
  const Counting does = counting(name);
  return does == Counting::hands_back || does == Counting::in_handle || name == "PySequence_Fast" ||
         name == "PyObject_GetIter";
}

bool gives_instance(std::string_view name) {
  return name == "pybind11::object::cast" || name == "pybind11::handle::cast" || name == "pybind11::cast" ||
         name == "nanobind::cast" || name == "nanobind::inst_ptr";
}
bool gives_null(std::string_view name) { return listed(null_table, name); }
bool compares_identity(std::string_view name) {
  return name == "Py_Is" || name == "Py_IsNone" || name == "Py_IsTrue" || name == "Py_IsFalse";
}

// C11 7.21.6; PyOS_snprintf and PySys_Write* take the conversions of C, none that looks into an object.
const std::vector<std::string_view> printing_table{
    "printf", "fprintf", "dprintf", "sprintf", "snprintf", "asprintf", "syslog", "PyOS_snprintf", "PySys_WriteStd*",
};
bool prints_address(std::string_view name) { return listed(printing_table, name); }

bool is_immortal(std::string_view variable) {
  return variable == "_Py_NoneStruct" || variable == "_Py_TrueStruct" || variable == "_Py_FalseStruct" ||
         variable == "_Py_EllipsisObject" || variable == "_Py_NotImplementedStruct";
}

bool tells_count(std::string_view name) { return name == "Py_REFCNT"; }

const std::vector<std::string_view> owner_table{
    "pybind11::object",   "pybind11::dict",        "pybind11::list",     "pybind11::tuple",    "pybind11::set",
    "pybind11::str",      "pybind11::bytes",       "pybind11::function", "pybind11::iterable", "pybind11::iterator",
    "pybind11::sequence", "pybind11::type",        "pybind11::capsule",  "pybind11::buffer",   "pybind11::array*",
    "pybind11::weakref",  "nanobind::object",      "nanobind::dict",     "nanobind::list",     "nanobind::tuple",
    "nanobind::set",      "nanobind::str",         "nanobind::bytes",    "nanobind::callable", "nanobind::iterator",
    "nanobind::capsule",  "nanobind::type_object",
};

bool owns_reference(std::string_view record) { return listed(owner_table, record); }
bool revives(std::string_view name) { return name == "_Py_NewReference"; }

bool makes_python_iterator(std::string_view callee) {
  const std::size_t split = callee.rfind("::");
  const std::string_view name = split == std::string_view::npos ? callee : callee.substr(split + 2);
  return (callee.starts_with("pybind11::") || callee.starts_with("nanobind::")) &&
         (name == "make_iterator" || name == "make_key_iterator" || name == "make_value_iterator");
}

}  // namespace ftaudit::capi
