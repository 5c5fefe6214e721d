// Comparison: the same workloads on two builds of CPython, in fresh processes that take turns (with, without, without,
// with), until the interval is narrow enough or the time is up; and the rows that follow. A row has an answer only
// where the samples give one: not when the GIL came back, when the two sides did not do the same, when the machine was
// busy, or when the interval holds one and more. Used by cli.
#pragma once

#include <array>
#include <chrono>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "finding/measurement.h"
#include "python/interpreter.h"
#include "trial/workload.h"

namespace ftaudit::trial {

struct MeasureRequest {
  std::string what;                 // for the report's head
  std::vector<Workload> workloads;  // those of one function with more lanes behind the one with a single lane
  std::array<fs::path, 2> pythons;  // with the GIL, without
  std::chrono::milliseconds budget{0};
  double width = 0.03;                  // of the interval, as a part of the ratio, at which a row is good enough
  bool allow_different_builds = false;  // else builds that are no twins are refused
};

// The error: the builds cannot be compared. What fails later is a row without an answer.
Result<Measurement> compare(const MeasureRequest& request, Progress& progress);

}  // namespace ftaudit::trial
