// The tables against CPython's own headers: what they name is there, under the numbers they give.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "base/files.h"
#include "base/text.h"
#include "capi/tables.h"
#include "python/interpreter.h"

using namespace ftaudit;
using namespace ftaudit::capi;

namespace {

bool is_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

struct Headers {
  python::Interpreter python;
  std::set<std::string> words;
  std::map<std::string, int> defines;  // of plain numbers
};

const Headers& headers() {
  static const Headers all = [] {
    Headers out;
    for (const char* version : {"3.13t", "3.13", ""})
      if (auto found = python::choose_interpreter(version); found.ok()) {
        out.python = std::move(*found);
        break;
      }
    for (const fs::path& folder : out.python.include_folders)
      for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".h") continue;
        const auto text = read_file(entry.path());
        if (!text.ok()) continue;
        for (const std::string& line : split(*text, '\n')) {
          std::vector<std::string> found;
          for (std::size_t at = 0; at < line.size();) {
            std::size_t end = at;
            while (end < line.size() && is_identifier(line[end])) ++end;
            if (end > at) found.push_back(line.substr(at, end - at));
            at = std::max(end, at + 1);
          }
          if (found.size() == 3 && found[0] == "define" &&
              found[2].find_first_not_of("0123456789") == std::string::npos)
            out.defines[found[1]] = std::stoi(found[2]);
          out.words.insert(found.begin(), found.end());
        }
      }
    return out;
  }();
  return all;
}

// Names and patterns in the tables that came after CPython 3.13.
const std::map<int, std::set<std::string_view>> newer{
    {14,
     {"PyBytes_Join", "PyCriticalSection2_BeginMutex", "PyCriticalSection_BeginMutex", "PyIter_NextItem",
      "PyLong_AsInt32", "PyLong_AsInt64", "PyLong_AsUInt32", "PyLong_AsUInt64", "PyType_GetBaseByToken",
      "PyUnicodeWriter_Create", "PyUnstable_EnableTryIncRef", "PyUnstable_IsImmortal",
      "PyUnstable_Object_EnableDeferredRefcount", "PyUnstable_Object_IsUniqueReferencedTemporary",
      "PyUnstable_Object_IsUniquelyReferenced", "PyUnstable_TryIncRef", "Py_fclose", "Py_fopen",
      "PyUnstable_Object_IsUnique*"}},
    {15,
     {"PyArg_ParseArray",
      "PyArg_ParseArrayAndKeywords",
      "PyBytesWriter_Create",
      "PyFrozenDict_New",
      "PyInterpreterGuard_Close",
      "PyInterpreterGuard_FromView",
      "PyInterpreterView_Close",
      "PyInterpreterView_FromMain",
      "PyModule_Exec",
      "PyObject_Dump",
      "PySys_GetOptionalAttr",
      "PySys_GetOptionalAttrString",
      "PyThreadState_Ensure",
      "PyThreadState_EnsureFromView",
      "PyThreadState_Release",
      "PyTuple_FromArray",
      "PyType_FromSlots",
      "PyType_GetBaseByToken_DuringGC",
      "PyType_GetModuleByToken_DuringGC",
      "PyType_GetModule_DuringGC",
      "PyUnstable_DumpTraceback",
      "PyUnstable_DumpTracebackThreads",
      "PyUnstable_SetImmortal",
      "Py_TARGET_ABI3T",
      "PySys_GetAttr*",
      "PySys_GetOptionalAttr*"}},
};

bool is_newer(std::string_view name) {
  for (const auto& [minor, names] : newer)
    if (minor > headers().python.minor && names.contains(name)) return true;
  return false;
}

std::vector<std::string_view> all_names() {
  std::vector<std::string_view> out;
  for (const Borrowed& row : borrowed_table) out.push_back(row.name);
  for (const auto* table : {&borrowed_out_table, &strong_out_table, &steals_table})
    for (const OutParameters& row : *table) out.push_back(row.name);
  for (const Internal& row : internals_table) out.insert(out.end(), {row.name, row.record});
  for (const Level& row : level_table) out.push_back(row.name);
  for (const Pattern& row : suspension_table) out.push_back(row.pattern);
  for (const Allocator& row : allocator_table) out.push_back(row.name);
  for (const LockCall& row : lock_table) out.push_back(row.name);
  for (const ThreadCall& row : thread_call_table) out.push_back(row.name);
  for (const Tag& row : tag_table) out.push_back(row.tag);
  for (const auto* table :
       {&fresh_table, &neutral_table, &detached_table, &attached_roots_table, &detached_roots_table, &unique_safe_table,
        &refcount_writer_table, &unique_mutator_table, &once_table, &lock_type_table, &atomic_type_table,
        &atomic_operation_table, &module_macro_table, &api_macro_table, &expression_macro_table})
    out.insert(out.end(), table->begin(), table->end());
  return out;
}

}  // namespace

TEST_CASE("names in the tables are names of CPython, and patterns match some") {
  REQUIRE_MESSAGE(headers().words.size() > 3000, "no headers of CPython 3.13 or newer");
  std::set<std::string_view> missing, all;
  for (std::string_view name : all_names()) {
    const bool python = name.starts_with("Py") || name.starts_with("_Py");
    if (!python || name.find_first_of("?:") != std::string_view::npos) continue;
    all.insert(name);
    const bool there = name.find('*') == std::string_view::npos
                           ? headers().words.contains(std::string(name))
                           : std::any_of(headers().words.begin(), headers().words.end(),
                                         [&](const std::string& word) { return glob_match(name, word); });
    if (!there) missing.insert(name);
  }
  CHECK(all.size() > 500);
  for (std::string_view name : missing)
    CHECK_MESSAGE(is_newer(name), name, " is in no header of CPython ", headers().python.version);
  for (const auto& [minor, names] : newer)
    for (std::string_view name : names) {
      CHECK_MESSAGE(all.contains(name), name, " is in no table");
      if (minor > headers().python.minor) CHECK_MESSAGE(missing.contains(name), name, " is older than 3.", minor);
    }
}

TEST_CASE("slot numbers are those of typeslots.h") {
  int seen = 0;
  for (const auto& [name, id] : headers().defines) {
    if (!name.starts_with("Py_tp_") && !name.starts_with("Py_nb_") && !name.starts_with("Py_sq_") &&
        !name.starts_with("Py_mp_") && !name.starts_with("Py_am_") && !name.starts_with("Py_bf_"))
      continue;
    CHECK_MESSAGE(slot_name(id) == name.substr(3), name, " is ", id);
    ++seen;
  }
  // tp_vectorcall (82) and tp_token (83) came with 3.14.
  CHECK(seen >= 81);
  CHECK(slot_name(82) == "tp_vectorcall");
  CHECK(slot_name(83) == "tp_token");
  CHECK(slot_name(0) == "");
  CHECK(slot_name(-1) == "");
  CHECK(slot_name(84) == "");
}

TEST_CASE("module slots and method flags the analyses count on") {
  CHECK(headers().defines.at("Py_mod_create") == 1);
  CHECK(headers().defines.at("Py_mod_exec") == 2);
  if (headers().python.minor < 15) CHECK(headers().defines.at("Py_mod_gil") == 4);
}

TEST_CASE("no row is there twice") {
  const auto once = [](const auto& table, auto name) {
    std::set<std::string_view> seen;
    for (const auto& row : table) CHECK_MESSAGE(seen.insert(name(row)).second, name(row));
  };
  const auto name = [](const auto& row) { return row.name; };
  once(borrowed_table, name);
  once(borrowed_out_table, name);
  once(strong_out_table, name);
  once(steals_table, name);
  once(level_table, name);
  once(allocator_table, name);
  once(lock_table, name);
  once(libc_table, name);
  once(suspension_table, [](const Pattern& row) { return row.pattern; });
  std::set<int> ids;
  for (const Slot& row : slot_table) CHECK(ids.insert(row.id).second);
}
