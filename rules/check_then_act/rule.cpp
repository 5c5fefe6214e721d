#include <algorithm>

#include "base/text.h"
#include "capi/changes.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::Site;
using analysis::Use;
using capi::Reliance;
using model::Event;
using model::Operand;

static bool is_check(const Event& event) {
  return std::any_of(capi::reliances().begin(), capi::reliances().end(),
                     [&](const Reliance& pair) { return glob_match(pair.check, event.callee); });
}

static bool same_value(const analysis::Values& values, const Operand& a, EventId at_a, const Operand& b, EventId at_b) {
  if (a.kind == Operand::Kind::text) return b.kind == Operand::Kind::text && a.text == b.text;
  const std::string identity = values.identity(a, at_a);
  return !identity.empty() && identity == values.identity(b, at_b);
}

// One lock that keeps others off the container, held from the one call to the other.
static bool held_throughout(const Audit& audit, const Site& check, const Site& act, const Operand& container) {
  if (!audit.guarded(check, container)) return false;
  const analysis::Locks &before = audit.held().at(check.function, check.event),
                        &then = audit.held().at(act.function, act.event);
  return std::any_of(before.begin(), before.end(), [&](const analysis::Lock& lock) {
    return std::any_of(then.begin(), then.end(),
                       [&](const analysis::Lock& other) { return lock == other && lock.acquired == other.acquired; });
  });
}

static bool looked_at(const Audit& audit, const Site& site) {
  const std::vector<Use> uses = audit.values(site.function).uses(site.event);
  return uses.empty() || std::any_of(uses.begin(), uses.end(), [](const Use& use) {
           return use.kind == Use::Kind::tested || use.kind == Use::Kind::returned;
         });
}

static const Reliance* relies_on(const Audit& audit, const Site& check, const Site& act) {
  const Event &first = audit.event(check), &second = audit.event(act);
  if (second.operands.empty() || second.callee.empty()) return nullptr;
  const analysis::Values& values = audit.values(check.function);
  for (const Reliance& pair : capi::reliances()) {
    if (!glob_match(pair.check, first.callee) || !glob_match(pair.act, second.callee)) continue;
    if (!same_value(values, first.operands[0], check.event, second.operands[0], act.event)) return nullptr;
    if (first.operands.size() > 1 && (second.operands.size() < 2 || !same_value(values, first.operands[1], check.event,
                                                                                second.operands[1], act.event)))
      return nullptr;
    bool decided = false;
    values.each_condition(act.event, [&](EventId compare, bool) {
      for (const Operand& operand : audit.function(check).events[compare].operands)
        decided |= values.comes_from(operand, compare, check.event, false);
    });
    return decided && (pair.is_change() || !looked_at(audit, act)) ? &pair : nullptr;
  }
  return nullptr;
}

// Marks that a call leaves in a container for its own time are one mistake, told where the call begins.
static bool marks_a_call(const Audit& audit, const Site& site, const Operand& container) {
  const analysis::State* field = audit.shared().state_of(site.function, container, site.event);
  return field != nullptr && std::any_of(audit.conflicts().all().begin(), audit.conflicts().all().end(),
                                         [&](const analysis::Conflict& conflict) {
                                           return conflict.state->is_container() && conflict.state->name == field->name;
                                         });
}

static void check_call(const Audit& audit, Report& report, const Site& check) {
  const Event& first = audit.event(check);
  if (first.operands.empty()) return;
  report.site();
  const analysis::Origin container = audit.ownership().of(check.function, check.event, first.operands[0]);
  if (first.operands.size() > 1 && audit.values(check.function).is_of_this_thread(first.operands[1], check.event))
    return;
  if (audit.unchanging(check, first.operands[0], container) || marks_a_call(audit, check, first.operands[0])) return;
  for (EventId e = check.event + 1; e < audit.function(check).events.size(); ++e) {
    const Site act{check.function, e};
    if (!analysis::is_call(audit.event(act)) || !audit.values(check.function).reaches(check.event, e, analysis::none))
      continue;
    const Reliance* pair = relies_on(audit, check, act);
    if (pair == nullptr || held_throughout(audit, check, act, first.operands[0])) continue;
    const Event& second = audit.event(act);
    const std::string name = audit.text(check, first.operands[0]);
    Finding& finding = add_at(report, audit, check,
                              second.callee + " relies on what " + first.callee + " said of " + name +
                                  ", which another thread may change in between");
    finding.place = name;
    finding.instead = pair->instead;
    if (!container.certain) finding.confidence = Confidence::possible;
    // An attribute that goes away between the two ends in an exception.
    if (pair->kind == Reliance::Kind::attribute) finding.confidence = Confidence::possible;
    // Filling in what was not there: most caches bear to be filled twice. A value computed from the old one is lost.
    if (pair->kind == Reliance::Kind::fills &&
        (second.operands.size() < 3 ||
         !audit.values(act.function).comes_from(second.operands[2], e, check.event, true))) {
      finding.confidence = Confidence::possible;
      finding.category = Category::lazy_init;
    }
    finding.trace.push_back({audit.location(act), "the second call is here"});
    return;
  }
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_call(is_check, [&](const Site& site) { check_call(audit, report, site); });
}

extern const Rule check_then_act{
    {.id = "FT109",
     .name = "check-then-act",
     .category = Category::other,
     .severity = Severity::low,
     .confidence = Confidence::likely,
     .summary = "A call on a shared container relies on what an earlier call said of it",
     .why = "each call locks the container for itself only: between the two another thread can insert, remove or "
            "replace, and the second call acts on an answer that is no longer true",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
