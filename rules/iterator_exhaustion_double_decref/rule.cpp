#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::exhausted; },
      [&](const Conflict& conflict) {
        Finding& finding =
            add_race(report, audit, conflict,
                     "at its end the iterator drops " + shown_name(audit, conflict) + also_named(conflict) +
                         "; two threads that get there together release the one reference twice");
        finding.instead =
            "keep the reference until tp_dealloc and mark the end in the position; or take the pointer out inside a "
            "critical section on the iterator and release it after";
      });
}

extern const Rule iterator_exhaustion_double_decref{
    {.id = "FT306",
     .name = "iterator-exhaustion-double-decref",
     .category = Category::iteration,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "An exhausted iterator releases what it iterates without a lock",
     .why = "both threads have read the pointer before either sets it to NULL, and each releases the reference that "
            "only one of them owns",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
