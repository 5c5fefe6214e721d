// What surrounds a measured process: the environment that makes it a witness of itself, with the build's own `python`
// and programs first on its PATH, and what it and all it started said of themselves. Used by measured_run and
// served_run.
#pragma once

#include <string>
#include <vector>

#include "trial/workload.h"

namespace ftaudit::trial {

struct MeasuredProcess {
  std::vector<std::string> environment;  // "NAME=value"
  fs::path told, result;                 // where the witnesses and workload.py write

  // `runtime`: where write_runtime() wrote.
  static Result<MeasuredProcess> make(const fs::path& runtime, const fs::path& python, std::size_t build);
  // The state of the GIL, the compiled modules, the time in the run queue.
  void read_witnesses(MeasuredRun& out) const;
};

// The module that brought the GIL back, as the interpreter says it on its standard error; "" where it says nothing.
std::string switched_on_by(const std::string& err);

}  // namespace ftaudit::trial
