#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::mixed_atomic; },
      [&](const Conflict& conflict) {
        const bool at_other = conflict.race.write->atomic;
        Finding& finding = add_race(
            report, audit, conflict,
            shown_name(audit, conflict) + " is accessed here as a plain variable and atomically elsewhere", at_other);
        // A number that is looked at plainly, while all who store it do so atomically, is an old one at worst; a flag
        // is more: it says that something else is ready.
        const analysis::Access& here = at_other ? *conflict.race.other : *conflict.race.write;
        const bool stored_atomically = std::ranges::all_of(
            conflict.state->accesses, [](const analysis::Access& a) { return !a.write || a.atomic; });
        if (!here.write && stored_atomically && conflict.state->type.kind == model::Type::Kind::scalar)
          finding.severity = conflict.flag ? Severity::medium : Severity::low;
        finding.instead = "use the atomic operation here too, or declare the variable atomic so that every access is";
      });
}

extern const Rule mixed_atomic_plain{
    {.id = "FT304",
     .name = "mixed-atomic-plain",
     .category = Category::memory_order,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "The same variable is accessed atomically on one side and plainly on the other",
     .why = "an atomic access orders nothing against a plain one: together they are still a data race",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
