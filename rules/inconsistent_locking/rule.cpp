#include "finding/rule.h"
#include <algorithm>

#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;
using analysis::State;

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::inconsistent; },
      [&](const Conflict& conflict) {
        const auto holds = [&](const analysis::Access& access) {
          return std::find(access.locks.begin(), access.locks.end(), conflict.lock) != access.locks.end();
        };
        const bool writers_hold =
            std::all_of(conflict.state->accesses.begin(), conflict.state->accesses.end(),
                        [&](const analysis::Access& access) { return !access.write || holds(access); });
        const bool at_other = holds(*conflict.race.write);
        const analysis::Access& here = at_other ? *conflict.race.other : *conflict.race.write;
        Finding& finding = add_race(
            report, audit, conflict,
            (conflict.state->kind == State::Kind::field ? conflict.state->name : "the global " + conflict.state->name) +
                " is " + (here.write ? "written" : "read") + " here without " + lock_name(audit, conflict.lock) +
                (writers_hold ? ", which its writers hold" : ", which its other users hold"),
            at_other);
        // A number that is only looked at without the lock is stale or torn, and harms no memory by itself.
        if (!here.write && conflict.state->type.kind == model::Type::Kind::scalar) finding.severity = Severity::medium;
        if (conflict.flag) finding.severity = here.write ? Severity::medium : Severity::low;
        if (conflict.state->kind != State::Kind::field) finding.category = "global-state";
        finding.instead = "take " + lock_name(audit, conflict.lock) +
                          " here too, before any test of the value; or make every access atomic";
      });
}

extern const Rule inconsistent_locking{
    {.id = "FT303",
     .name = "inconsistent-locking",
     .category = "object-field",
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "State that is locked in most places is used without the lock in one",
     .why = "a lock protects only if everybody takes it: the unlocked access runs beside the locked ones",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
