// Proving: for what was seen, one small Python file that shows it again, cut down and counted over twenty runs, with
// the command that runs it. Used by confirmation, when the workloads are done.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "dynamic/runs/runs.h"
#include "finding/finding.h"

namespace ftaudit::dynamic {

struct ProvingRequest {
  const Variant* sanitized = nullptr;
  const Variant* plain = nullptr;      // for crashes and deadlocks that show there; may be missing
  const StressRuns* stress = nullptr;  // whose acts are the candidates; without it nothing can be made
  fs::path folder;                     // where the scripts go; made when there is one
  fs::path root;                       // of the project's sources
  std::function<std::string(const Location&)> function_at;  // as in Runs
  std::string project;                                      // as the user named it, for the command line: "."
  std::string options;  // for the same Pythons and modules, each with a blank before it: " --light"
  std::chrono::milliseconds limit{0};
};

// One script for each finding that something shows, then for what no finding speaks of; sets reproducer, hits and runs
// of the sighting it was made from. Gives the scripts.
std::vector<fs::path> prove(Observer& observer, const ProvingRequest& request, std::span<const Finding> findings,
                            Progress& progress);

}  // namespace ftaudit::dynamic
