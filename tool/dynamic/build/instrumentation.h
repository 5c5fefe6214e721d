// Instrumentation: what is put into an extension when it is built to be watched. Flags for the compiler and the linker,
// one uninstrumented object with the rendezvous and the table of lock owners, and a Python.h in front of CPython's own
// that makes PyMutex and critical sections visible. Decides nothing about how a project is built; the instrumented
// build applies it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::dynamic {

enum class Sanitizing : std::uint8_t {
  thread,  // for a TSan-built interpreter: the runtime is in the executable
  light,   // for a stock interpreter: the runtime is preloaded, annotations stand in for what the interpreter does not
           // tell
  plain,   // no sanitizer; the rendezvous and the owner table all the same
};

struct Instrumentation {
  fs::path folder;                         // everything below lies here; must live as long as the built modules are run
  std::vector<std::string> compile_flags;  // for every C and C++ compilation, after the project's own
  std::vector<std::string> link_flags;     // for every shared object: the runtime object's path among them
  // For the build's environment, as "NAME=value". CCC_OVERRIDE_OPTIONS puts the folder with our Python.h first on
  // Clang's command line, wherever the backend puts its own -I.
  std::vector<std::string> build_environment;
  // For light mode: what LD_PRELOAD must name when the modules are run; empty otherwise.
  fs::path preload;
};

// Writes headers and runtime into `folder` and compiles the object with `clang` ("clang-19"). Independent of the
// findings: one build serves every choice of sites.
Result<Instrumentation> write_instrumentation(const fs::path& folder, Sanitizing sanitizing, const std::string& clang);

}  // namespace ftaudit::dynamic
