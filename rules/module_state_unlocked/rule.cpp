#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

static void check(const Audit& audit, Report& report) {
  const auto wanted = [](const Conflict& c) {
    return c.state->module_state && (c.mistake == Mistake::plain || c.mistake == Mistake::swapped_reference);
  };
  each_conflict(audit, report, wanted, [&](const Conflict& conflict) {
    Finding& finding =
        add_race(report, audit, conflict,
                 shown_name(audit, conflict) + " of the module state is changed while other threads use it");
    if (conflict.late) finding.severity = Severity::low;
    else if (conflict.state->type.kind == model::Type::Kind::pointer) finding.severity = Severity::high;
    finding.instead =
        "put a PyMutex into the state and hold it around each use, or use a critical section on the module object at "
        "all of them";
  });
}

extern const Rule module_state_unlocked{
    {.id = "FT208",
     .name = "module-state-unlocked",
     .category = Category::global_state,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "A field of the module state is changed after initialisation without a lock",
     .why = "module state keeps interpreters apart, not threads: all threads of one interpreter share it as they would "
            "a global",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
