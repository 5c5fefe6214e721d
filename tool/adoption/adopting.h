// Adopting: everything there is to find out about an application, one after the other within one budget: the report on
// its packages, its trial, the measurement of its work where the user names some, and confirm of the packages that
// stood out; then one verdict. Each part leaves what it found in a folder as it ends, and an interruption ends the part
// that is under way: the verdict is then of what is known. BUILDS AND RUNS CODE. Used by cli.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "adoption/request.h"
#include "base/progress.h"
#include "base/result.h"
#include "trial/trial.h"
#include "trial/workload.h"

namespace ftaudit::adoption {

struct AdoptRequest {
  Request packages;                        // what to report on; trial and measurement are made here
  trial::TrialRequest trial;               // its budget and folder are set here
  std::string measured;                    // "`python job.py`", for the head
  std::vector<trial::Workload> workloads;  // empty: nothing is measured
  bool confirm = true;
  bool allow_different_builds = false;
  std::chrono::seconds budget{1800};
  fs::path folder;  // what each part found goes here
  std::string tool_version, date;
};

// The error: not even the report on the packages can be made.
Result<AdoptionReport> adopt(AdoptRequest request, Progress& progress);

// Of the packages that a scan, the trial or their own binaries say something against: those that running could tell
// more of, what was seen to happen first.
std::vector<std::string> stand_out(const AdoptionReport& report);

}  // namespace ftaudit::adoption
