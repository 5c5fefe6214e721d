// What a measurement is held against: "cpu<1.1" (ratios, without the GIL by with it). Used by cli.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/measurement.h"

namespace ftaudit::trial {

struct Requirement {
  std::string text;      // as given
  std::string quantity;  // of its rows: "CPU time", "wall time", "memory", "time of"
  unsigned lanes = 1;
  double below = 0;
};

// "cpu<1.1", "wall<1.1", "memory<1.5", "p99<1.1", "time@4<0.6" (of four threads). The error says what is possible.
Result<Requirement> requirement_of(std::string_view text);

// Notes in the measurement which requirements do not hold: missed where a row's whole interval is above, incomplete
// where it cannot be told or nothing was measured that it is about.
void judge(Measurement& measurement, const std::vector<Requirement>& requirements);

}  // namespace ftaudit::trial
