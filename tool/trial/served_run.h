// One sample of a service on one of the two builds: a fresh process, warmed up, then under the load that is fixed for
// both; how long its answers took, from when each request was due, and what each cost. Used by comparison.
#pragma once

#include "trial/workload.h"

namespace ftaudit::trial {

// As measured_run(). `workload.rate` 0: as many requests as it answers, one after the other on each connection, to find
// out what it can do: `calls` is then how many a second.
Result<MeasuredRun> served_run(const Workload& workload, const fs::path& python, std::size_t build,
                               const fs::path& runtime);

}  // namespace ftaudit::trial
