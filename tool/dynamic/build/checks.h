// Whether a run would show what it claims to: the modules are instrumented, by the runtime the interpreter has, the GIL
// is off after they are imported, and the address space suits ThreadSanitizer. Used by cli's confirm, before any
// workload.
#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "dynamic/build/instrumented_build.h"

namespace ftaudit::dynamic {

// By the file's dynamic symbols alone; nothing is loaded.
struct ModuleBinary {
  fs::path file;
  bool instrumented = false;  // takes functions of ThreadSanitizer
  std::string other_runtime;  // a sanitizer runtime it brings itself ("libtsan.so.2"), which must not be mixed
};
Result<ModuleBinary> examine_binary(const fs::path& file);

// What importing one module did.
struct ImportOutcome {
  std::string module;
  bool imported = false;
  bool switched_gil_on = false;  // the GIL was off before and on after
  std::string problem;           // the exception, or how the process ended
};

// Imports each module in a process of its own, with the GIL left to the modules (PYTHON_GIL unset) or held off.
std::vector<ImportOutcome> try_imports(const fs::path& python, const fs::path& folder,
                                       const std::vector<std::string>& modules, bool hold_gil_off,
                                       const std::vector<std::string>& environment);

// Where an interpreter finds modules, without importing them (their packages are imported).
struct LocatedModule {
  std::string name;
  fs::path file;  // empty: it is not there
};
std::vector<LocatedModule> locate_modules(const fs::path& python, const std::vector<std::string>& names);

// Facts about a Python that a report must be able to state. Asked of the interpreter itself, apart from the caller's
// environment.
struct PythonFacts {
  std::string version;  // "3.13.5"
  bool free_threaded = false;
  bool tsan = false;  // built with ThreadSanitizer
  bool debug = false;
  std::string compiler;  // CC of its own build: "clang-19"
  std::string soabi;     // "cpython-313t-x86_64-linux-gnu"
};
Result<PythonFacts> ask_python(const fs::path& python);

}  // namespace ftaudit::dynamic
