// One sample: a workload in a fresh process on one of the two builds, timed, with the proof of its GIL. A command is
// timed from outside, with all its processes; a function by workload.py around its calls. Which build comes when, and
// what the samples say, is comparison's business. Used by comparison.
#pragma once

#include "trial/workload.h"

namespace ftaudit::trial {

// Writes what runs beside the measured code to `folder`, once.
Status write_runtime(const fs::path& folder);

// `runtime`: where write_runtime() wrote. Nothing else may be started while it runs: times and memory are those of all
// child processes. The error says how a workload failed, with its last words.
Result<MeasuredRun> measured_run(const Workload& workload, const fs::path& python, std::size_t build,
                                 const fs::path& runtime, std::chrono::milliseconds limit);

}  // namespace ftaudit::trial
