#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::stop_flag; },
      [&](const Conflict& conflict) {
        Finding& finding =
            add_race(report, audit, conflict,
                     "a loop polls " + shown_name(audit, conflict) + ", a plain variable that another thread sets");
        finding.instead = "make it atomic (atomic_bool, std::atomic<bool>), or wait on a condition variable";
      });
}

extern const Rule plain_stop_flag{{.id = "FT702",
                                   .name = "plain-stop-flag",
                                   .category = Category::memory_order,
                                   .severity = Severity::medium,
                                   .confidence = Confidence::likely,
                                   .summary = "A loop waits for another thread to set a plain variable",
                                   .why = "the compiler may read it once and loop for ever, and what was written "
                                          "before the flag need not be visible after it",
                                   .since = "0.1"},
                                  check};

}  // namespace ftaudit::rules
