#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;
using analysis::State;

static void check(const Audit& audit, Report& report) {
  const auto wanted = [](const Conflict& c) {
    return c.mistake == Mistake::first_use && c.state->kind == State::Kind::field && !c.state->module_state;
  };
  each_conflict(audit, report, wanted, [&](const Conflict& conflict) {
    Finding& finding = add_race(report, audit, conflict,
                                first_use_story(conflict, shown_name(audit, conflict) + also_named(conflict)));
    if (conflict.state->type.kind == model::Type::Kind::pointer) {
      finding.severity = conflict.state->type.to_object && !conflict.releases ? Severity::low : Severity::high;
      finding.instead =
          "fill it in tp_new; or test, fill and take the reference inside one critical section on the object";
    } else {
      finding.instead =
          "load and store it with relaxed atomics when every thread computes the same value; otherwise test and fill "
          "it inside a critical section on the object";
    }
    if (conflict.guards_release) finding.severity = Severity::high;
    finding.instead = first_use_mend(conflict, finding.instead);
  });
}

extern const Rule lazy_attribute_cache{
    {.id = "FT307",
     .name = "lazy-attribute-cache",
     .category = Category::lazy_init,
     .severity = Severity::low,
     .confidence = Confidence::likely,
     .summary = "A field of an object is computed and stored on first use without a lock",
     .why = "the object looks immutable but its readers write: one value leaks or overwrites the other, or is freed "
            "while the other thread returns it",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
