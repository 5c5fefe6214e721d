// Preparation: everything between a checkout and the first workload. Copies, environments, the instrumented and the
// plain build, what tests need, and the checks that a run would show what it claims. What goes wrong on the way and can
// be done without becomes a note; only when nothing at all can be run is it an error. Used by confirmation.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "base/result.h"
#include "dynamic/build/build.h"
#include "dynamic/runs/runs.h"
#include "project/project.h"
#include "python/interpreter.h"

namespace ftaudit::dynamic {

struct PreparationRequest {
  const project::Project* project = nullptr;
  python::Interpreter plain;                // free-threaded
  std::optional<python::Interpreter> tsan;  // of the same minor version; none in light mode
  bool light = false;
  bool build = true;                            // false: what is installed for those interpreters is run
  std::vector<std::string> modules;             // import names, as the sources say; for build == false
  std::vector<std::string> with;                // requirements the user names; then the project's own are not read
  bool tests = true;                            // whether the tests are going to be run
  std::function<void(const std::string&)> say;  // one line for people, as things are done
};

struct Prepared {
  std::optional<Variant> sanitized, plain;
  std::optional<TestDescription> tests;
  std::vector<ImportOutcome> imports;  // of the plain build (else of the sanitized), the GIL left to the modules
  std::vector<std::string> notes;
  std::optional<Instrumentation> instrumentation, plain_instrumentation;
};

Result<Prepared> prepare(const PreparationRequest& request, const Workspace& workspace, Progress& progress);

}  // namespace ftaudit::dynamic
