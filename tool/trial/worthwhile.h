// Worthwhile: whether a run of a suite that may last so long can be expected to reach a test at all. A run that is
// stopped while it still imports and collects tells nothing, and its time is taken from runs that would. Not asked of
// the first rounds, which have to be tried. Used by suite_rounds.
#pragma once

#include <algorithm>
#include <chrono>

namespace ftaudit::trial {

class Worthwhile {
 public:
  using Time = std::chrono::milliseconds;
  explicit Worthwhile(Time shortest) : more_than_(shortest) {}

  // A run that was stopped after `limit` had reached a test, or none.
  void learn(Time limit, bool reached) {
    if (!reached) more_than_ = std::max(more_than_, limit + Time(1));
  }
  bool operator()(Time limit) const { return limit >= more_than_; }

 private:
  Time more_than_;
};

}  // namespace ftaudit::trial
