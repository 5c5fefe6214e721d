// The work that is measured, as the command line names it: a command, a function, a service, the reference set; by how
// many threads and worker processes. Used by the commands that measure.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/arguments.h"
#include "trial/workload.h"

namespace ftaudit::cli {

struct MeasuredWork {
  std::string command, call, serve;
  std::vector<std::string> urls{};
  double rate = 0;
  unsigned port = 0;
  std::chrono::seconds duration{5}, patience{30};
  bool reference = false;
  std::vector<std::string> only, threads, processes;

  // How many of the four were named.
  int named() const { return (!command.empty()) + (!call.empty()) + (!serve.empty()) + reference; }
  std::string what() const;
};

// --command, --call, --serve and what belongs to them.
void add_measured_work(Arguments& command, MeasuredWork& work);

// Each function alone first: what several threads do is laid beside that. `folder`: where it runs. What is left out is
// told in `notes`.
Result<std::vector<trial::Workload>> workloads(const MeasuredWork& work, const fs::path& folder,
                                               std::vector<std::string>& notes);

}  // namespace ftaudit::cli
