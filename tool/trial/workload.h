// A workload that is measured, and what one run of it gave. Plain data. Used by measured_run, served_run, comparison
// and whoever asks for a measurement.
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

}  // namespace ftaudit::trial
