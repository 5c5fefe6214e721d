// How surely calls run Python code (C API reference: exceptions, conversion, arg, sys, import, weakref, contextvars,
// buffer: PyBuffer_Release calls the exporter's hook, which may be __release_buffer__; dict: PyDict_GetItem).
#include "capi/python_runs.h"

#include "capi/capi.h"
#include "capi/names.h"

namespace ftaudit::capi {

namespace {

struct Corner {
  Suspends why;
  std::string_view name;  // a pattern
  Chance chance;
};

}  // namespace

// The first row that fits the reason and the name counts.
const std::vector<Corner> corner_table{
    {Suspends::finalizers, "PyBuffer_Release", Chance::surely},
    {Suspends::finalizers, "PyErr_*", Chance::hardly},
    {Suspends::errors, "PyErr_Warn*", Chance::usually},
    {Suspends::errors, "PyErr_Write*", Chance::usually},
    {Suspends::errors, "PyErr_Print*", Chance::usually},
    {Suspends::errors, "PyErr_Display*", Chance::usually},
    {Suspends::errors, "PyErr_Check*", Chance::usually},
    {Suspends::errors, "PyErr_FormatUnraisable*", Chance::usually},
    {Suspends::errors, "*", Chance::hardly},
    // Formats with %R, %S or O& are the corner.
    {Suspends::conversions, "PyErr_Format*", Chance::hardly},
    {Suspends::conversions, "PyUnicode_FromFormat*", Chance::hardly},
    {Suspends::conversions, "Py_BuildValue*", Chance::hardly},
    {Suspends::conversions, "Py_VaBuildValue*", Chance::hardly},
    {Suspends::conversions, "PyArg_UnpackTuple*", Chance::hardly},
    {Suspends::conversions, "PySet_New*", Chance::hardly},
    {Suspends::conversions, "PyFrozenSet_New*", Chance::hardly},
    {Suspends::conversions, "PyMemoryView_FromObject*", Chance::hardly},
    {Suspends::conversions, "PyBytes_Concat*", Chance::hardly},
    {Suspends::conversions, "PyByteArray_Concat*", Chance::hardly},
    // A metaclass of Python's among the bases is the corner.
    {Suspends::types_and_modules, "PyType_Ready", Chance::hardly},
    {Suspends::types_and_modules, "PyType_From*", Chance::hardly},
    {Suspends::types_and_modules, "PySys_Get*", Chance::hardly},
    {Suspends::types_and_modules, "PySys_Set*", Chance::hardly},
    {Suspends::types_and_modules, "PyModule_Add*", Chance::hardly},
    {Suspends::types_and_modules, "PyWeakref_New*", Chance::hardly},
    {Suspends::types_and_modules, "PyContext*", Chance::hardly},
    {Suspends::detaches, "PyImport_Get*", Chance::hardly},
    {Suspends::detaches, "PyImport_AddModule*", Chance::hardly},
};

const std::vector<std::string_view> plain_value_table{
    "PyLong_From*",  "PyFloat_From*", "PyUnicode_From*", "PyUnicode_Intern*", "PyUnicode_Decode*", "PyUnicode_New*",
    "PyUnicode_As*", "PyBytes_From*", "PyBool_From*",    "PyUnicode_Sub*",    "PyUnicode_Concat*",
};

const std::vector<std::string_view> anything_table{"PyObject_Call*",    "PyObject_Vectorcall*", "PyObject_GetAttr*",
                                                   "PyObject_GetItem*", "PyIter_Next*",         "PyEval_*"};

const std::vector<std::string_view> exception_table{"PyErr_Fetch", "PyErr_NormalizeException", "PyErr_GetExcInfo",
                                                    "PyErr_GetRaisedException", "PyErr_GetHandledException"};

// pybind11's and nanobind's documentation: Python types, and calling Python functions.
const std::vector<std::string_view> by_binding_table{
    "pybind11::detail::object_api::operator()",
    "pybind11::detail::object_api::contains",
    "pybind11::print",
    "pybind11::exec",
    "pybind11::eval",
    "pybind11::eval_file",
    "pybind11::repr",
    "pybind11::module_::import",
    "nanobind::detail::api::operator()",
    "nanobind::print",
    "nanobind::exec",
    "nanobind::eval",
    "nanobind::repr",
    "nanobind::module_::import_",
};

// [func.invoke], [tuple.apply], [variant.visit]; algorithms take what they call by value.
const std::vector<std::string_view> calling_table{"invoke", "invoke_r", "apply", "visit", "call_once", "swap"};

const std::vector<std::string_view> number_table{"PyLong_As*", "PyFloat_As*", "PyComplex_*"};

const std::vector<std::string_view> lookup_table{
    "PyObject_GetAttr",      "PyObject_GetAttrString",    "PyImport_Import",
    "PyImport_ImportModule", "PyImport_ImportModuleAttr", "PyImport_ImportModuleAttrString",
};

const std::vector<std::string_view> much_table{"PyImport*", "PyObject_Call*", "PyType_From*", "*import*"};

const std::vector<std::string_view> error_table{"PyErr_Set*", "PyErr_Format*"};
// And what asks whether that went wrong.
const std::vector<std::string_view> saying_table{
    "PyErr_Warn*", "PySys_Write*",   "PySys_Format*", "PyErr_Print", "PyErr_WriteUnraisable",
    "printf",      "fprintf",        "vprintf",       "vfprintf",    "puts",
    "fputs",       "putc",           "fputc",         "putchar",     "perror",
    "fflush",      "syslog",         "vsyslog",       "warn",        "warnx",
    "vwarnx",      "PyErr_Occurred",
};
// Of PyErr_*: those that return something.
const std::vector<std::string_view> answering_table{"PyErr_Occurred", "PyErr_New*"};

Chance chance_of_python(std::string_view name) {
  const Suspends why = suspends(name);
  for (const Corner& row : corner_table)
    if (row.why == why && glob_match(row.name, name)) return row.chance;
  return Chance::usually;
}

bool makes_plain_value(std::string_view name) { return listed(plain_value_table, name); }
bool gives_anything(std::string_view name) { return listed(anything_table, name); }
bool gives_exception(std::string_view name) { return listed(exception_table, name); }
bool converts_number(std::string_view name) { return listed(number_table, name); }
bool asks_class(std::string_view name) { return name == "PyObject_IsInstance"; }
bool calls_object(std::string_view name) {
  return glob_match("PyObject_Call*", name) || glob_match("PyObject_Vectorcall*", name);
}
bool calls_by_binding(std::string_view name) { return listed(by_binding_table, name); }
bool keeps_function(std::string_view record) { return record == "std::function"; }
bool calls_its_argument(std::string_view name) { return listed(calling_table, name); }
bool looks_up(std::string_view name) { return listed(lookup_table, name); }
bool interns(std::string_view name) { return name == "PyUnicode_InternFromString"; }
bool takes_python_lock(std::string_view name) { return name.starts_with("threading."); }
bool runs_much(std::string_view name) { return listed(much_table, name); }

bool raises_error(std::string_view name) { return listed(error_table, name); }
bool says_something(std::string_view name) { return listed(saying_table, name); }
bool is_assertion_error(std::string_view variable) { return variable == "PyExc_AssertionError"; }
bool answers_null(std::string_view name) { return glob_match("PyErr_*", name) && !listed(answering_table, name); }
bool keeps_errors_to_itself(std::string_view name) {
  return name == "PyDict_GetItem" || name == "PyDict_GetItemString";
}

}  // namespace ftaudit::capi
