#include <algorithm>

#include "analysis/path.h"
#include "capi/changes.h"
#include "finding/rule.h"
#include "rules/race.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;
using analysis::State;

// One of a row: which of them is chosen belongs to what is stored.
static bool is_slot(const Audit& audit, const analysis::Site& site) {
  const model::Event& event = audit.event(site);
  if (event.place == model::none) return false;
  const std::vector<model::Step>& steps = audit.function(site).places[event.place].steps;
  return std::any_of(steps.begin(), steps.end(),
                     [](const model::Step& step) { return step.kind == model::Step::Kind::index; });
}

// Items are put into it and taken out past its lock: who works with the one that was lost, and who with the other, meet
// in neither as it was left.
static bool is_worked_on(const Audit& audit, const State& state) {
  return std::ranges::any_of(state.accesses, [&](const analysis::Access& access) {
    const model::Function& function = audit.function(access.site);
    for (const analysis::EventId e : function.events.ids()) {
      const model::Event& event = function.events[e];
      if (!analysis::is_call(event) || !capi::changes_unlocked(event.callee) || event.operands.empty()) continue;
      const analysis::Path path = analysis::path_of(function, audit.values(access.site.function), event.operands[0], e);
      if (path.root == analysis::Path::Root::global && path.global() == state.global) return true;
    }
    return false;
  });
}

static void check(const Audit& audit, Report& report) {
  each_conflict(
      audit, report, [](const Conflict& c) { return c.mistake == Mistake::object_cache; },
      [&](const Conflict& conflict) {
        const State& state = *conflict.state;
        const bool tested = conflict.race.other != conflict.race.write && !conflict.race.other->write &&
                            audit.conflicts().unset_test(state, *conflict.race.write) != nullptr;
        const std::string kind = state.kind == State::Kind::static_local ? "the static " : "the global ";
        Finding& finding = add_race(
            report, audit, conflict,
            tested ? kind + state.name + also_named(conflict) +
                         " is filled with an object on first use: two threads can both find it unset, and one of the "
                         "objects is lost while in use"
                   : kind + state.name + also_named(conflict) +
                         " gets another object while other threads may be using the one in it");
        // Nothing is freed under a reader: what is lost is one object.
        if (tested && !conflict.releases && !is_worked_on(audit, state))
          finding.severity = Severity::low, finding.confidence = std::min(finding.confidence, Confidence::likely);
        if (is_slot(audit, conflict.race.write->site)) {
          finding.instead =
              "hold one lock from choosing the slot until it is filled, and where it is emptied; who reads a slot "
              "takes "
              "a reference under it";
          return;
        }
        finding.instead =
            "make the object in Py_mod_exec and keep it in the module state; if it has to change at run time, take a "
            "new reference to it under the lock that its writers hold";
      });
}

extern const Rule static_pyobject_cache{
    {.id = "FT205",
     .name = "static-pyobject-cache",
     .category = Category::static_local_cache,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "An object kept in a global or static variable is assigned while other threads use it",
     .why = "two threads assign it at once and one reference is lost, or the old object is freed while another thread "
            "still works with the pointer it read",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
