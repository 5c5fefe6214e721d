#include "finding/rule.h"
#include "analysis/atomic_pointers.h"
#include "rules/place.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

// Atomic on both sides, in no order.
static void unordered(const Audit& audit, Report& report) {
  for (const analysis::Unordered& found : analysis::unordered_stores(audit)) {
    if (!found.locked) continue;
    Finding& finding =
        add_at(report, audit, found.load,
               found.name + " is loaded here without the lock, and stored in no order with what it leads to");
    finding.place = found.name;
    finding.instead =
        "load it with acquire order here, and store it with release order as the last step under the lock";
    finding.trace.push_back({audit.location(found.store), "it is stored here, relaxed"});
    finding.trace.push_back({audit.location(found.use), "what it leads to is used here"});
  }
}

static void check(const Audit& audit, Report& report) {
  unordered(audit, report);
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::double_checked; },
      [&](const Conflict& conflict) {
        Finding& finding =
            add_race(report, audit, conflict,
                     shown_name(audit, conflict) + " is tested here without the lock under which it is filled", true);
        finding.instead =
            "make it atomic: load it with acquire order here and store it with release order as the last step under "
            "the lock; or take the lock before the test";
      });
}

extern const Rule double_checked_locking{
    {.id = "FT204",
     .name = "double-checked-locking",
     .category = Category::lazy_init,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "State filled under a lock is tested first with a plain read outside it",
     .why = "the unlocked read races with the locked store, and it may see the pointer or flag before what stands "
            "behind it",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
