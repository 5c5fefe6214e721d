// Instrumentation: what is put into an extension when it is built to be watched. Flags for the compiler and the linker, one
// uninstrumented object with the rendezvous and the table of lock owners, and a Python.h in front of CPython's own that makes
// PyMutex and critical sections visible. Decides nothing about how a project is built; the instrumented build applies it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "finding/finding.h"

namespace ftaudit::dynamic {

enum class Sanitizing : std::uint8_t {
  thread,  // for a TSan-built interpreter: the runtime is in the executable
  light,   // for a stock interpreter: the runtime is preloaded, annotations stand in for what the interpreter does not tell
  plain,   // no sanitizer; the rendezvous and the owner table all the same
};

struct Instrumentation {
  fs::path folder;                         // everything below lies here; must live as long as the built modules are run
  std::vector<std::string> compile_flags;  // for every C and C++ compilation, after the project's own
  std::vector<std::string> link_flags;     // for every shared object: the runtime object's path among them
  // For the build's environment, as "NAME=value". CCC_OVERRIDE_OPTIONS puts the folder with our Python.h first on Clang's
  // command line, wherever the backend puts its own -I.
  std::vector<std::string> build_environment;
  // For light mode: what LD_PRELOAD must name when the modules are run; empty otherwise.
  fs::path preload;
};

// Writes headers and runtime into `folder` and compiles the object with `clang` ("clang-19"). Independent of the findings: one
// build serves every choice of sites.
Result<Instrumentation> write_instrumentation(const fs::path& folder, Sanitizing sanitizing, const std::string& clang);

// Where threads are made to meet: functions that findings name, and which of them belong together.
struct Rendezvous {
  std::vector<std::string> functions;                // as findings spell them: "Meter_hit", "grid::Lattice::add"
  std::vector<std::pair<std::size_t, std::size_t>> pairs;  // indices; a function without a pair meets any other
};

// The functions of findings (Finding::function and, for steps, the functions `function_at` gives; "" where it does not know),
// in order of severity; the pairs are those of each finding's two sides.
Rendezvous rendezvous_of(const std::vector<Finding>& findings,
                         const std::function<std::string(const Location&)>& function_at);

// How a run is perturbed and where it leaves what it counted.
struct RendezvousRun {
  fs::path sites;                         // as write_sites left it; empty: nobody is parked, functions are only counted
  std::chrono::milliseconds park{20};     // how long the first thread waits for the second at most
  unsigned parks = 200;                   // how often one site may park in one process, so that a slow suite stays usable
  fs::path coverage_folder;               // one file a process and module: <folder>/<pid>-<n>.coverage
  fs::path owner_table;                   // owner_table.h; empty: none is kept
};

Status write_sites(const fs::path& path, const Rendezvous& rendezvous);

// The environment of a run, as "NAME=value".
std::vector<std::string> environment_of(const RendezvousRun& run);

}  // namespace ftaudit::dynamic
