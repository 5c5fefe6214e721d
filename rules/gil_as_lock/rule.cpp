#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::gil_as_lock; },
      [&](const Conflict& conflict) {
        Finding& finding =
            add_race(report, audit, conflict,
                     conflict.state->name +
                         " is shared between a native thread and Python code with only the GIL to keep them apart");
        finding.instead =
            "take a PyMutex (or another lock) on both sides, or make it atomic; keep PyGILState_Ensure for calling "
            "Python";
      });
}

extern const Rule gil_as_lock{
    {.id = "FT502",
     .name = "gil-as-lock",
     .category = Category::gil_reliance,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "Being attached is used as if it kept other threads away from C state",
     .why = "any number of threads can be attached at the same time: PyGILState_Ensure no longer excludes anybody",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
