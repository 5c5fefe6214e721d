// Clang in, facts out. Each translation unit is read once, in a child process of its own, so that a crash or an endless
// parse in Clang costs one file and not the run. The child is confined (base/sandbox.h): it can read the project and
// the headers, and answer. Nothing of the code under audit is executed. The only layer that knows Clang; nothing of
// Clang shows here.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "capi/capi.h"
#include "model/facts.h"
#include "project/project.h"

namespace ftaudit::frontend {

class FactsCache;
struct Read;

struct Settings {
  fs::path root;                          // facts are written about files below it; shown paths are relative to it
  std::vector<fs::path> system_includes;  // folders with Python.h and pyconfig.h, numpy's, pybind11's headers, in order
  unsigned jobs = 1;                      // translation units at the same time
  std::chrono::seconds timeout{120};      // for one translation unit
  std::uint64_t memory_bytes = std::uint64_t{12} << 30;  // address space of one child
  capi::LockCalls locks;                                 // what the calls that lock are
  FactsCache* cache = nullptr;                           // where facts are looked for first, and kept; null: nowhere
  std::function<void()> once_confined;                   // called in each child before it reads (tests); may be empty
};

// What became of one unit.
struct Parsed {
  model::Facts facts;
  bool failed = false;  // nothing could be read: facts hold only the reason, as an omission
  double seconds = 0;   // of the child, on the wall
  std::string key;      // names the facts in the cache; "" where they cannot be kept
};

// In the order of `units`, whatever finished first.
std::vector<Parsed> parse_all(const std::vector<project::Unit>& units, const Settings& settings, Progress& progress);

// One unit in this process (tests, `ftaudit facts --in-process`); a crash in Clang is a crash here.
// `reads`, if not null, gets every file it was made from.
Parsed parse(const project::Unit& unit, const Settings& settings, std::vector<Read>* reads = nullptr);

}  // namespace ftaudit::frontend
