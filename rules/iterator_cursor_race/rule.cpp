#include <algorithm>
#include <set>

#include "capi/capi.h"
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

// Of each load of the position in the moving function it is seen where it goes: it is compared, moved, or given to a
// call by value. Nothing here is found by it, and who gets it answers for what is behind the end.
static bool only_given_away(const Audit& audit, const Conflict& conflict) {
  const analysis::FunctionId id = conflict.race.write->site.function;
  const model::Function& function = audit.program().function(id);
  std::set<std::uint32_t> places;
  std::ptrdiff_t loads = 0, seen = 0;
  for (const analysis::Access& access : conflict.state->accesses)
    if (access.site.function == id && audit.event(access.site).place != model::none)
      places.insert(audit.event(access.site).place);
  for (const model::Event& event : function.events) {
    if (event.kind == model::Event::Kind::read) loads += places.contains(event.place);
    if (event.kind == model::Event::Kind::write && event.is_update()) seen += places.contains(event.place);
    const bool gives_away = analysis::is_call(event) && capi::borrowed_return(event.callee) == nullptr &&
                            audit.program().find(event.callee_key) == analysis::none;
    if (event.kind == model::Event::Kind::compare || gives_away)
      seen += std::ranges::count_if(event.operands, [&](const model::Operand& operand) {
        return operand.kind == model::Operand::Kind::place && places.contains(operand.place);
      });
  }
  return conflict.also.empty() && conflict.state->type.kind == model::Type::Kind::scalar && loads == seen;
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
        if (only_given_away(audit, conflict)) {
          finding.severity = Severity::low;
          finding.why =
              "threads that share the iterator get items twice or miss some; what lies behind the end is left "
              "to the call that gets the position";
        }
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
