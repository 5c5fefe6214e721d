#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;
using analysis::State;

// The address of the variable leaves the function: the next call overwrites what the caller was given.
static bool handed_out(const Audit& audit, const State& state) {
  const analysis::FunctionId owner = audit.program().find(audit.facts().globals[state.global].owner);
  if (owner == analysis::none) return false;
  const model::Function& function = audit.program().function(owner);
  for (const analysis::EventId e : function.events.ids()) {
    if (function.events[e].kind != model::Event::Kind::leave) continue;
    bool found = false;
    analysis::each_operand(function.events[e], [&](const model::Operand& operand) {
      if (operand.kind != model::Operand::Kind::address && operand.kind != model::Operand::Kind::place) return;
      const analysis::Path path = analysis::path_of(function, audit.values(owner), operand, e);
      const bool whole = operand.kind == model::Operand::Kind::address || path.is_address ||
                         function.places[operand.place].type.kind == model::Type::Kind::array;
      found |= whole && path.root == analysis::Path::Root::global && path.global() == state.global;
    });
    if (found) return true;
  }
  return false;
}

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report,
      [](const Conflict& c) { return c.mistake == Mistake::plain && c.state->kind == State::Kind::static_local; },
      [&](const Conflict& conflict) {
        const State& state = *conflict.state;
        const bool out = handed_out(audit, state);
        Finding& finding = add_race(report, audit, conflict,
                                    "every thread that calls this function writes the same static " + state.name +
                                        also_named(conflict) + (out ? ", and callers are handed its address" : ""));
        if (out) finding.severity = Severity::high;
        if (!conflict.boundary.empty()) return tell_at_boundary(finding, audit, conflict, "");
        finding.instead =
            "use a variable on the stack or memory of the caller's; if it has to outlive the call, make it "
            "thread-local or atomic";
      });
}

extern const Rule static_local_state{
    {.id = "FT202",
     .name = "static-local-state",
     .category = Category::global_state,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "A static variable inside a function is written by every thread that calls it",
     .why = "there is one such variable for the process; without the GIL two calls write it at the same time, and each "
            "may go on with what the other has put there",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
