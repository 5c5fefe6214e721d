// Controls: what was only seen near something is run again as it was, and with the GIL on. What dies there, too, is no
// matter of the GIL. Sets the sightings' repeats; used by confirmation, when the workloads are done.
#pragma once

#include <chrono>

#include "base/progress.h"
#include "dynamic/runs/runs.h"

namespace ftaudit::dynamic {

struct ControlRequest {
  const Variant* sanitized = nullptr;
  const Variant* plain = nullptr;  // for what was seen there; either may be missing
  std::chrono::milliseconds limit{0};
};

void control(Observer& observer, const StressRuns& stress, const ControlRequest& request, Progress& progress);

}  // namespace ftaudit::dynamic
