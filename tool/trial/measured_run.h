// One sample: a workload in a fresh process on one of the two builds, timed, with the proof of its GIL. A command is
// timed from outside, with all its processes; a function by workload.py around its calls. Which build comes when, and
// what the samples say, is comparison's business. Used by comparison.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "finding/measurement.h"

namespace ftaudit::trial {

// A shell command, a service under load, or a function of a module that is called.
struct Workload {
  std::string name;
  std::string kind;     // of the reference set
  std::string command;  // "python job.py"; `python` is the build's
  std::string call;     // "app.jobs:work"
  fs::path folder;      // where it runs; also first on the path of a function's imports
  unsigned lanes = 1;   // of a function: threads, or worker processes
  bool processes = false;
  std::vector<std::string> urls;  // of a service: paths that are asked for in turn; `command` starts it, {port} in it
  unsigned port = 0;              // of a service, where its command has no {port}
  double rate = 0;                // of a service: requests a second, at fixed times
  std::chrono::milliseconds duration{5000}, patience{30000};  // of a service: of the load; with its start
  unsigned long long calls = 0;  // of a function, by each lane in a round; 0: found out, and told in `calls`
};

struct MeasuredRun {
  MeasuredSample sample;
  unsigned long long calls = 0;
  std::vector<std::string> compiled;  // files of the compiled modules that were loaded
  std::string switched_on_by;         // the module that brought the GIL back, where the interpreter said so
  bool forced = false;                // PYTHON_GIL said otherwise than the build does
};

// Writes what runs beside the measured code to `folder`, once.
Status write_runtime(const fs::path& folder);

// `runtime`: where write_runtime() wrote. Nothing else may be started while it runs: times and memory are those of all
// child processes. The error says how a workload failed, with its last words.
Result<MeasuredRun> measured_run(const Workload& workload, const fs::path& python, std::size_t build,
                                 const fs::path& runtime, std::chrono::milliseconds limit);

}  // namespace ftaudit::trial
