// What importing says: a package is installed into a throw-away environment of a free-threaded interpreter and imported in a
// child process with limits. RUNS THE PACKAGE'S CODE: only when the user asked for it. Used by cli for --probe.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "packages/index.h"

namespace ftaudit::packages {

struct ImportResult {
  enum class Outcome { gil_stays_off, gil_switched_on, failed, crashed, timed_out };
  std::string module;
  Outcome outcome = Outcome::failed;
  std::string culprit;                    // the extension module that switched the GIL on, where it is told
  std::string message;                    // the exception or the signal
};

struct Probe {
  bool installed = false;
  std::string reason;                     // why it could not be installed or tried
  std::vector<ImportResult> imports;      // of the package's own top-level modules, in order
  std::vector<ImportResult> modules;      // of its extension modules one by one, each in a process of its own
};

struct ProbeOptions {
  fs::path python;                        // a free-threaded interpreter
  IndexOptions index;
  std::chrono::seconds import_timeout{60}, install_timeout{600};
  std::uint64_t memory_bytes = std::uint64_t{4} << 30;
};

// `requirement` is "name==version" or the path of a wheel. Only wheels are installed, never built.
Result<Probe> probe(const std::string& requirement, const ProbeOptions& options);

}  // namespace ftaudit::packages
