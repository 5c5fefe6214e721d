// The work that is measured, as the command line names it: a command, a function, the reference set, and by how many
// threads and worker processes. Used by the commands that measure.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/arguments.h"
#include "trial/measured_run.h"

namespace ftaudit::cli {

struct MeasuredWork {
  std::string command, call;
  bool reference = false;
  std::vector<std::string> only, threads, processes;

  // How many of the three were named.
  int named() const { return (!command.empty()) + (!call.empty()) + reference; }
  std::string what() const;
};

// --command, --call, --threads, --processes.
void add_measured_work(Arguments& command, MeasuredWork& work);

// Each function alone first: what several threads do is laid beside that. `folder`: where it runs. What is left out is
// told in `notes`.
Result<std::vector<trial::Workload>> workloads(const MeasuredWork& work, const fs::path& folder,
                                               std::vector<std::string>& notes);

}  // namespace ftaudit::cli
