#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::second_object; },
      [&](const Conflict& conflict) {
        Finding& finding = add_race(report, audit, conflict,
                                    conflict.state->name + also_named(conflict) + " of a second object is " +
                                        (conflict.race.other->write ? "written" : "read") +
                                        " here while only the first one's lock is held",
                                    true);
        finding.instead = "lock both with Py_BEGIN_CRITICAL_SECTION2";
      });
}

extern const Rule second_object_unlocked{
    {.id = "FT316",
     .name = "second-object-unlocked",
     .category = Category::object_field,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "A method locks its own object and uses another of the same type without its lock",
     .why = "the other object has a lock of its own, and its methods run in other threads meanwhile",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
