#include "capi/capi.h"

#include <algorithm>
#include <unordered_map>

#include "capi/names.h"
#include "capi/records.h"
#include "capi/references.h"
#include "capi/tables.h"

namespace ftaudit::capi {
namespace {

// "std::atomic<int>::load" and "std::atomic" alike.
std::string_view without_arguments(std::string_view record) { return record.substr(0, record.find('<')); }

Suspends find_suspension(std::string_view name) {
  if (listed(neutral_table, name)) return Suspends::never;
  for (const Pattern& row : suspension_table)
    if (glob_match(row.pattern, name)) return row.why;
  return Suspends::unknown;
}

}  // namespace

const Borrowed* borrowed_return(std::string_view name) { return row_named<borrowed_table>(name); }

bool OutParameters::has(int argument) const {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == argument) return true;
    if (arguments[i] == -1 && i > 0 && argument >= arguments[i - 1]) return true;
  }
  return false;
}
const OutParameters* strong_out(std::string_view name) { return row_named<strong_out_table>(name); }

const Internal* internal_field(std::string_view record, std::string_view field) {
  for (const Internal& row : internals_table)
    if (row.record == record && row.field == field) return &row;
  return nullptr;
}
const Internal* internal_call(std::string_view name) {
  if (name.empty()) return nullptr;
  return row_named<internals_table>(name);
}

bool makes_fresh(std::string_view name) { return listed(fresh_table, name); }

bool hands_out_held(std::string_view name) {
  static const std::vector<std::string_view> getters{"PyObject_GetAttr*",
                                                     "PyObject_GenericGetAttr",
                                                     "PyObject_GetOptionalAttr*",
                                                     "PyObject_GetItem",
                                                     "PySequence_GetItem",
                                                     "PySequence_ITEM",
                                                     "PyMapping_GetItemString",
                                                     "PyMapping_GetOptionalItem*",
                                                     "PyIter_Next",
                                                     "PyIter_NextItem",
                                                     "PyList_GetItem*",
                                                     "PyDict_GetItem*",
                                                     "PyDict_SetDefault*",
                                                     "PyList_GET_ITEM",
                                                     "PyTuple_GET_ITEM",
                                                     "PyTuple_GetItem",
                                                     "PySequence_Fast_GET_ITEM",
                                                     "PyCell_Get",
                                                     "PyCell_GET"};
  return listed(getters, name);
}

bool drops_items(std::string_view name) {
  static const std::vector<std::string_view> droppers{"PyList_SetItem",      "PyList_SET_ITEM",
                                                      "PyList_SetSlice",     "PyList_Clear",
                                                      "PyDict_SetItem*",     "PyDict_DelItem*",
                                                      "PyDict_Pop*",         "PyDict_Clear",
                                                      "PyDict_Update",       "PyDict_Merge*",
                                                      "PySet_Discard",       "PySet_Pop",
                                                      "PySet_Clear",         "PyCell_Set",
                                                      "PyCell_SET",          "PyObject_SetItem",
                                                      "PyObject_DelItem*",   "PySequence_SetItem",
                                                      "PySequence_DelItem",  "PySequence_SetSlice",
                                                      "PySequence_DelSlice", "PyMapping_SetItemString",
                                                      "PyMapping_DelItem*"};
  return listed(droppers, name);
}

bool makes_capsule(std::string_view name) { return name == "PyCapsule_New"; }

bool empties(std::string_view name) {
  return name == "PyDict_Clear" || name == "PyList_Clear" || name == "PySet_Clear";
}
bool puts_key(std::string_view name) {
  return name == "PySet_Add" || listed({"PyDict_SetItem*", "PyDict_SetDefault*"}, name);
}
bool looks_for_key(std::string_view name) {
  return name == "PySet_Contains" || listed({"PyDict_Contains*", "PyDict_GetItem*", "PyDict_SetDefault*"}, name);
}
bool removes_key(std::string_view name) {
  return name == "PySet_Discard" || listed({"PyDict_DelItem*", "PyDict_Pop*"}, name);
}

bool wraps(std::string_view name) {
  return name == "pybind11::handle::handle" || name == "nanobind::handle::handle" || name == "cppy::ptr::ptr";
}
bool unwraps(std::string_view name) {
  return name == "pybind11::handle::ptr" || name == "nanobind::handle::ptr" || name == "cppy::ptr::get" ||
         name == "pybind11::handle::operator conversion" || name == "nanobind::detail::api::derived";
}
bool is_wrapped_container(std::string_view record) {
  static const std::vector<std::string_view> containers{
      "pybind11::dict", "pybind11::list", "pybind11::set", "pybind11::tuple", "pybind11::kwargs", "pybind11::args",
      "nanobind::dict", "nanobind::list", "nanobind::set", "nanobind::tuple", "nanobind::kwargs", "nanobind::args"};
  return listed(containers, without_arguments(record));
}

bool keeps_argument(std::string_view name, int argument) {
  static const std::vector<std::string_view> fillers{
      "PyList_Append",    "PyList_SetItem",     "PyList_SET_ITEM", "PyList_Insert",    "PyList_Sort",
      "PyList_Reverse",   "PyList_Extend",      "PyDict_SetItem*", "PyDict_Update",    "PyDict_Merge",
      "PyDict_DelItem*",  "PyDict_SetDefault*", "PyDict_Get*",     "PyDict_Contains*", "PyDict_Next",
      "PyDict_Pop*",      "PySet_Add",          "PySet_Contains",  "PyTuple_SET_ITEM", "PyTuple_SetItem",
      "PyObject_SetItem", "PyList_Get*",        "PyList_GET_*",    "PyTuple_Get*",     "PyTuple_GET_*",
      "PySequence_Fast*"};
  if (argument == 0 && listed(fillers, name)) return false;
  static const std::vector<std::string_view> lookers{
      "Py_DECREF",     "Py_XDECREF",      "Py_DecRef",  "Py*_Check",         "Py*_CheckExact", "Py*_GET_SIZE",
      "Py*_Size",      "PyArg_*",         "Py_SIZE",    "Py_TYPE",           "Py_REFCNT",      "PyObject_Length",
      "PyObject_Size", "PyObject_IsTrue", "Py_IS_TYPE", "PyCriticalSection*"};
  return !listed(lookers, name);
}

Suspends suspends(std::string_view name) {
  static thread_local std::unordered_map<std::string, Suspends> known;  // a cache a thread
  if (const auto it = known.find(std::string(name)); it != known.end()) return it->second;
  return known.emplace(name, find_suspension(name)).first->second;
}

static bool find_need(std::string_view name) {
  if (!is_api_name(name)) return name.find("::") != std::string_view::npos && listed(object_api_table, name);
  const std::string_view rest = name.substr(name.starts_with('_') ? 3 : 2);
  const bool is_api = std::any_of(api_family_table.begin(), api_family_table.end(),
                                  [&](std::string_view family) { return rest.starts_with(family); });
  return is_api && !listed(detached_table, name);
}
bool needs_attached(std::string_view name) {
  static std::unordered_map<std::string, bool> known;
  if (const auto it = known.find(std::string(name)); it != known.end()) return it->second;
  return known.emplace(name, find_need(name)).first->second;
}
const ThreadCall* thread_call(std::string_view name) { return row_named<thread_call_table>(name); }
const Blocking* blocking(std::string_view name) { return row_named<blocking_table>(name); }
bool is_thread_guard(std::string_view type) { return type.find("gil_scoped_") != std::string_view::npos; }
bool is_releasing_call_guard(std::string_view type) {
  return type.find("call_guard<") != std::string_view::npos &&
         type.find("gil_scoped_release") != std::string_view::npos;
}
bool starts_thread(std::string_view name) { return listed(thread_roots_table, name); }
Role role_of_callback(std::string_view callee) {
  const bool sets_up = callee == "pybind11::detail::init_slots" || callee == "nanobind::detail::module_new" ||
                       callee == "pybind11::custom_type_setup::custom_type_setup";
  return sets_up ? Role::module_exec : Role::callback;
}
bool registers_attached(std::string_view name) { return listed(attached_roots_table, name); }
bool registers_detached(std::string_view name) { return listed(detached_roots_table, name); }

const Allocator* allocator(std::string_view name) { return row_named<allocator_table>(name); }
bool allocates(std::string_view name) {
  const Allocator* row = allocator(name);
  return row != nullptr && row->allocates && !row->releases;
}
bool resizes(std::string_view name) {
  const Allocator* row = allocator(name);
  return row != nullptr && row->allocates && row->releases;
}
bool frees(std::string_view name) {
  const Allocator* row = allocator(name);
  return row != nullptr && row->releases;
}
bool leaves_memory(std::string_view name) {
  const Allocator* row = allocator(name);
  // A constructor writes what `new` made.
  return makes_object(name) || (allocates(name) && !row->zeroes && row->domain != Domain::cxx);
}
std::string_view releaser(Domain domain) {
  switch (domain) {
    case Domain::object: return "PyObject_Free";
    case Domain::gc_object: return "PyObject_GC_Del";
    case Domain::mem: return "PyMem_Free";
    case Domain::raw: return "PyMem_RawFree";
    case Domain::libc: return "free";
    default: return "";
  }
}
std::string_view resizer(Domain domain) {
  switch (domain) {
    case Domain::object: return "PyObject_Realloc";
    case Domain::mem: return "PyMem_Realloc";
    case Domain::raw: return "PyMem_RawRealloc";
    case Domain::libc: return "realloc";
    default: return "";
  }
}
bool makes_object(std::string_view name) { return listed(object_maker_table, name); }
bool makes_zeroed_object(std::string_view name) { return name == "PyType_GenericAlloc"; }
bool initialises_object(std::string_view name) {
  return name == "PyObject_Init" || name == "PyObject_InitVar" || name == "PyObject_INIT" ||
         name == "PyObject_INIT_VAR" || revives(name);
}
bool calls_at_once(std::string_view name) {
  if (registers_detached(name) || listed(keeping_table, name)) return false;
  // Algorithms of std are functions of its own namespace.
  if (name.starts_with("std::ranges::")) return true;
  if (name.starts_with("std::") && name.find("::", 5) == std::string_view::npos) return true;
  return listed(at_once_table, name);
}
bool checks_uniqueness_safely(std::string_view name) { return listed(unique_safe_table, name); }
bool writes_refcount(std::string_view name) { return listed(refcount_writer_table, name); }

void LockCalls::add(std::string name, LockCall call) {
  call.name = {};
  own_.insert_or_assign(std::move(name), call);
}
const LockCall* LockCalls::find(std::string_view name) const {
  if (const auto at = own_.find(name); at != own_.end()) return &at->second;
  if (const LockCall* row = row_named<lock_table>(name)) return row;
  return row_named<library_lock_table>(name);
}
// __builtin_memcpy, std::memcpy and memcpy are one function.
static std::string_view plain(std::string_view name) {
  for (std::string_view prefix :
       {std::string_view("__builtin___"), std::string_view("__builtin_"), std::string_view("std::")})
    if (name.starts_with(prefix)) return name.substr(prefix.size());
  return name;
}
bool sets_bytes(std::string_view name) { return plain(name) == "memset" || plain(name) == "wmemset"; }
static const OutParameters* written(std::string_view name) { return row_named<written_table>(plain(name)); }
bool writes_through(std::string_view name, int argument) {
  const OutParameters* row = written(name);
  return row != nullptr && row->has(argument);
}
bool library_changes(std::string_view name, int argument) {
  return std::any_of(library_change_table.begin(), library_change_table.end(),
                     [&](const LibraryChange& row) { return row.argument == argument && glob_match(row.name, name); });
}
bool reads_through(std::string_view name, int argument) {
  const OutParameters* row = written(name);
  return row != nullptr ? !row->has(argument) : listed(reading_table, plain(name));
}
bool is_cxx_container(std::string_view record) { return listed(cxx_container_table, without_arguments(record)); }
bool only_looks(std::string_view method) { return method.ends_with("::operator*") || listed(looking_table, method); }
bool yields_element(std::string_view method) {
  return method.ends_with("::operator*") || method.ends_with("::operator[]") || listed(element_table, method);
}
bool holds_inline(std::string_view record) {
  const std::string_view name = without_arguments(record);
  return name == "std::array" || name == "std::optional" || name == "std::expected" || name == "std::variant";
}
bool views_memory(std::string_view record) {
  const std::string_view name = without_arguments(record);
  return name == "std::basic_string_view" || name == "std::span";
}
bool keeps_elements_in_place(std::string_view record) {
  const std::string_view name = without_arguments(record);
  return name == "std::list" || name == "std::forward_list" || name == "std::deque" || name == "std::map" ||
         name == "std::multimap" || name == "std::set" || name == "std::multiset" ||
         name.starts_with("std::unordered_") || name.starts_with("absl::node_hash_");
}
bool takes_out_elements(std::string_view method) {
  static const std::vector<std::string_view> removing{"*::erase", "*::clear",   "*::operator=", "*::swap", "*::extract",
                                                      "*::pop*",  "*::remove*", "*::assign",    "*::merge"};
  return listed(removing, method);
}
bool throws_by_design(std::string_view name) {
  static const std::vector<std::string_view> throwing{"std::*::at",
                                                      "std::optional::value",
                                                      "std::sto*",
                                                      "std::any_cast",
                                                      "std::function::operator()",
                                                      "pybind11::cast",
                                                      "pybind11::*::cast",
                                                      "pybind11::*::operator()",
                                                      "pybind11::detail::accessor::*",
                                                      "pybind11::import",
                                                      "nanobind::cast",
                                                      "nanobind::detail::api::operator()",
                                                      "boost::python::call*",
                                                      "boost::python::extract::operator()"};
  return listed(throwing, name);
}
bool readers_nest(std::string_view name) { return listed(nesting_readers_table, name); }
bool never_returns(std::string_view name) { return listed(no_return_table, name); }
bool runs_once(std::string_view name) { return listed(once_table, name); }
bool is_atomic_operation(std::string_view name) { return listed(atomic_operation_table, name); }
bool is_lock_type(std::string_view record) { return listed(lock_type_table, without_arguments(record)); }
bool is_atomic_type(std::string_view record) { return listed(atomic_type_table, without_arguments(record)); }

const Libc* libc(std::string_view name) { return row_named<libc_table>(name); }

const Binding* binding_macro(std::string_view macro) {
  for (const Binding& row : binding_table)
    if (!macro.empty() && row.macro == macro) return &row;
  return nullptr;
}
const std::vector<Binding>& bindings() { return binding_table; }
bool is_binding_scope(std::string_view name) {
  return name.starts_with("pybind11::") || name.starts_with("nanobind::") || name.starts_with("boost::python::");
}
bool is_module_macro(std::string_view name) { return listed(module_macro_table, name); }
bool is_api_macro(std::string_view name) { return listed(api_macro_table, name); }
bool is_assertion(std::string_view macro) { return listed(assertion_table, macro); }
bool is_expression_macro(std::string_view name) { return listed(expression_macro_table, name); }

std::string_view public_record(std::string_view tag) {
  for (const Tag& row : tag_table)
    if (row.tag == tag) return row.name;
  return tag;
}

Role role_of_slot(std::string_view field) {
  if (field.starts_with("Py_")) field.remove_prefix(3);
  for (const Slot& row : slot_table)
    if (row.field == field) return row.role;
  return Role::slot;
}
std::string_view slot_name(int id) {
  for (const Slot& row : slot_table)
    if (row.id == id) return row.field;
  return "";
}

}  // namespace ftaudit::capi
