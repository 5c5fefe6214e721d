#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::callback_argument; },
      [&](const Conflict& conflict) {
        Finding& finding = add_race(
            report, audit, conflict,
            conflict.state->name +
                " carries an argument into a callback; a second thread overwrites it while the first call is running");
        finding.instead =
            "pass it through the callback's context argument (qsort_r, a user-data pointer), or make the variable "
            "thread-local and restore its old value afterwards";
      });
}

extern const Rule callback_through_global{
    {.id = "FT211",
     .name = "callback-through-global",
     .category = Category::global_state,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "An argument reaches a callback through a global variable",
     .why = "two threads that make the call at the same time see each other's argument, or one that is already freed",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
