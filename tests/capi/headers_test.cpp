// The tables against CPython's own headers: what they name is there, under the numbers they give.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "base/files.h"
#include "base/text.h"
#include "capi/releases.h"
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

// Names that CPython had, or leaves to others: beginnings of the functions that it looks for, NumPy's.
const std::set<std::string_view> elsewhere{"Py_InitModule4", "_PyObject_VisitManagedDict", "PyInit_", "PyModExport_",
                                           "PyArray_ImportNumPyAPI"};

bool is_of_libraries(const std::string& file) {
  return file == "libc.cpp" || file == "libraries.cpp" || file == "library_locks.cpp";
}

// Every name and pattern of CPython's in the sources of capi, whatever table or question it stands in; libraries have
// names of their own.
const std::set<std::string>& all_names() {
  static const std::set<std::string> all = [] {
    std::set<std::string> out;
    for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(FTAUDIT_SOURCE_DIR) / "tool/capi")) {
      if (entry.path().extension() != ".cpp" || is_of_libraries(entry.path().filename().string())) continue;
      const auto text = read_file(entry.path());
      REQUIRE(text.ok());
      for (const std::string& line : split(*text, '\n')) {
        const std::vector<std::string> parts = split(line.substr(0, line.find("//")), '"');
        for (std::size_t i = 1; i < parts.size(); i += 2)
          if ((parts[i].starts_with("Py") || parts[i].starts_with("_Py")) && parts[i].size() > 3 &&
              std::all_of(parts[i].begin(), parts[i].end(), [](char c) { return is_identifier(c) || c == '*'; }))
            out.insert(parts[i]);
      }
    }
    return out;
  }();
  return all;
}

}  // namespace

TEST_CASE("names in the tables are names of CPython, and patterns match some") {
  REQUIRE_MESSAGE(headers().words.size() > 3000, "no headers of CPython 3.13 or newer");
  const std::set<std::string>& all = all_names();
  std::set<std::string_view> missing;
  for (const std::string& name : all) {
    if (elsewhere.contains(name)) continue;
    const bool there = name.find('*') == std::string::npos
                           ? headers().words.contains(name)
                           : std::any_of(headers().words.begin(), headers().words.end(),
                                         [&](const std::string& word) { return glob_match(name, word); });
    if (!there) missing.insert(name);
  }
  CHECK(all.size() > 700);
  const int minor = headers().python.minor;
  for (std::string_view name : missing)
    CHECK_MESSAGE(came_with(name) > minor, name, " is in no header of CPython ", headers().python.version);
  // What CPython used inside before it was for everybody is in its own headers.
  for (const Newcomer& row : newcomer_table)
    if (row.minor > minor && row.name != "PyMutex_IsLocked")
      CHECK_MESSAGE(missing.contains(row.name), row.name, " is older than 3.", row.minor);
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
  once(strong_out_table, name);
  once(allocator_table, name);
  once(lock_table, name);
  once(libc_table, name);
  once(suspension_table, [](const Pattern& row) { return row.pattern; });
  std::set<int> ids;
  for (const Slot& row : slot_table) CHECK(ids.insert(row.id).second);
}
