#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;
using analysis::State;

static void check(const Audit& audit, Report& report) {
  const auto wanted = [](const Conflict& c) {
    return c.mistake == Mistake::first_use && (c.state->kind != State::Kind::field || c.state->module_state);
  };
  each_conflict(audit, report, wanted, [&](const Conflict& conflict) {
    const State& state = *conflict.state;
    Finding& finding = add_race(report, audit, conflict, first_use_story(conflict, state.name));
    // Without a release what is lost is the second value, and nobody is using that: unless it is a lock.
    if (!makes_lock(conflict) && (state.type.kind == model::Type::Kind::scalar || !conflict.releases))
      finding.severity = Severity::medium;
    if (conflict.guards_release) finding.severity = Severity::high;
    if (conflict.told_again && !conflict.guards_release) finding.severity = Severity::low;
    finding.instead = first_use_mend(
        conflict,
        "fill it in Py_mod_exec; or test and fill under one lock; or make the value privately and publish it with an "
        "atomic compare-exchange, dropping the loser");
  });
}

extern const Rule lazy_init_race{
    {.id = "FT203",
     .name = "lazy-init-race",
     .category = Category::lazy_init,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "Shared state is tested and filled on first use without a lock around both",
     .why = "between the test and the store another thread makes the same test: one value leaks or overwrites the "
            "other, and readers can see it half made",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
