#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::wrong_object; },
      [&](const Conflict& conflict) {
        Finding& finding =
            add_race(report, audit, conflict,
                     conflict.state->name + also_named(conflict) +
                         " is used here with the lock of something else held; its other users hold " +
                         lock_name(audit, conflict.lock),
                     true);
        finding.instead = "lock the object whose state is touched";
      });
}

extern const Rule critical_section_wrong_object{
    {.id = "FT403",
     .name = "critical-section-wrong-object",
     .category = Category::critical_section_misuse,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A critical section is on another object than the one whose state it is to protect",
     .why = "each object has its own lock: holding another's keeps nobody away from this one",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
