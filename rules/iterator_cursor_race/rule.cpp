#include <algorithm>

#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;

// The position is loaded once, and only the copy is tested and used: items may come twice or not at all, which CPython
// allows of a shared iterator, and nothing behind the end is read.
static bool tests_what_it_uses(const Audit& audit, const Conflict& conflict) {
  const analysis::FunctionId id = conflict.race.write->site.function;
  const auto loads =
      std::count_if(conflict.state->accesses.begin(), conflict.state->accesses.end(),
                    [&](const analysis::Access& access) { return !access.write && access.site.function == id; });
  return loads == 1 && conflict.also.empty() && !audit.event(conflict.race.write->site).is_update();
}

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::cursor; },
      [&](const Conflict& conflict) {
        Finding& finding = add_race(report, audit, conflict,
                                    "the iterator moves " + shown_name(audit, conflict) + also_named(conflict) +
                                        " without a lock; threads that share it test and use different positions");
        if (conflict.state->type.kind == model::Type::Kind::pointer || !conflict.also.empty())
          finding.severity = Severity::high;
        if (tests_what_it_uses(audit, conflict)) finding.confidence = Confidence::possible;
        finding.instead =
            "hold Py_BEGIN_CRITICAL_SECTION on the iterator from the bounds test to the move; or load the position "
            "once, atomically, test that copy, and store it back atomically";
      });
}

extern const Rule iterator_cursor_race{
    {.id = "FT305",
     .name = "iterator-cursor-race",
     .category = Category::iteration,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "The position of an iterator is moved without a lock",
     .why = "a shared iterator may repeat or skip items, but here the position can pass the end between the test and "
            "its use, and memory behind the end is read",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
