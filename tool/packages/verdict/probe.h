// What importing says: a package is installed into a throw-away environment of a free-threaded interpreter and imported
// in child processes with limits. RUNS THE PACKAGE'S CODE: only when the user asked for it. Only wheels are installed,
// never built. Used by report for --probe.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "packages/inputs/inputs.h"

namespace ftaudit::packages {

struct ImportResult {
  enum class Outcome { gil_stays_off, gil_switched_on, failed, crashed, timed_out };
  std::string module;
  Outcome outcome = Outcome::failed;
  std::vector<std::string> culprits;  // extension modules whose loading switched the GIL on, in order
  std::string message;                // the exception or the signal
};

struct Probe {
  std::string python;  // "3.13.5"
  bool installed = false;
  std::string reason;                 // why it could not be installed or tried
  std::vector<std::string> versions;  // "name==version" of everything that was installed
  std::vector<ImportResult> imports;  // of the package's own top-level modules
  std::vector<ImportResult> modules;  // of its extension modules, each in a process of its own
};

struct ProbeOptions {
  fs::path python;  // a free-threaded interpreter
  IndexOptions index;
  std::chrono::seconds import_timeout{60}, install_timeout{600};
  std::uint64_t memory_bytes = std::uint64_t{16} << 30;  // address space, of which scientific libraries reserve much
  std::size_t most_modules = 64;                         // extension modules imported one by one
};

// `name` is the package's, `requirement` "name==version" or the path of a wheel. An error is an interpreter that is not
// free-threaded or does not run; everything about the package is in the Probe.
Result<Probe> probe(const std::string& name, const std::string& requirement, const ProbeOptions& options);

}  // namespace ftaudit::packages
