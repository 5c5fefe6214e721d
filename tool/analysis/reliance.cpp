#include "analysis/reliance.h"

#include <algorithm>

#include "base/text.h"

namespace ftaudit::analysis {

using capi::Reliance;
using model::Event;
using model::Operand;

bool is_asking(const Event& event) {
  return std::any_of(capi::reliances().begin(), capi::reliances().end(),
                     [&](const Reliance& pair) { return glob_match(pair.check, event.callee); });
}

namespace {

bool same_value(const Values& values, const Operand& a, EventId at_a, const Operand& b, EventId at_b) {
  if (a.kind == Operand::Kind::text) return b.kind == Operand::Kind::text && a.text == b.text;
  const std::string identity = values.identity(a, at_a);
  return !identity.empty() && identity == values.identity(b, at_b);
}

// One lock that keeps others off the container, held from the one call to the other.
bool held_throughout(const Audit& audit, const Site& check, const Site& act, const Operand& container) {
  if (!audit.guarded(check, container)) return false;
  const Locks &before = audit.held().at(check.function, check.event), &then = audit.held().at(act.function, act.event);
  return std::any_of(before.begin(), before.end(), [&](const Lock& lock) {
    return std::any_of(then.begin(), then.end(),
                       [&](const Lock& other) { return lock == other && lock.acquired == other.acquired; });
  });
}

bool looked_at(const Audit& audit, const Site& site) {
  const std::vector<Use> uses = audit.values(site.function).uses(site.event);
  return uses.empty() || std::any_of(uses.begin(), uses.end(), [](const Use& use) {
           return use.kind == Use::Kind::tested || use.kind == Use::Kind::returned;
         });
}

const Reliance* relies_on(const Audit& audit, const Site& check, const Site& act) {
  const Event &first = audit.event(check), &second = audit.event(act);
  if (second.operands.empty() || second.callee.empty()) return nullptr;
  const Values& values = audit.values(check.function);
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
bool marks_a_call(const Audit& audit, const Site& site, const Operand& container) {
  const State* field = audit.shared().state_of(site.function, container, site.event);
  return field != nullptr &&
         std::any_of(audit.conflicts().all().begin(), audit.conflicts().all().end(), [&](const Conflict& conflict) {
           return conflict.state->is_container() && conflict.state->name == field->name;
         });
}

}  // namespace

std::optional<Reliant> relying_on(const Audit& audit, const Site& check) {
  const Event& first = audit.event(check);
  if (first.operands.empty()) return std::nullopt;
  const Values& values = audit.values(check.function);
  const Origin container = audit.ownership().of(check.function, check.event, first.operands[0]);
  if (first.operands.size() > 1 && values.is_of_this_thread(first.operands[1], check.event)) return std::nullopt;
  if (audit.unchanging(check, first.operands[0], container) || marks_a_call(audit, check, first.operands[0]))
    return std::nullopt;
  for (const EventId e : audit.function(check).events.ids(check.event + 1)) {
    const Site act{check.function, e};
    if (!is_call(audit.event(act)) || !values.reaches(check.event, e, none)) continue;
    const Reliance* pair = relies_on(audit, check, act);
    if (pair == nullptr || held_throughout(audit, check, act, first.operands[0])) continue;
    const std::vector<Operand>& operands = audit.event(act).operands;
    return Reliant{.act = act,
                   .pair = pair,
                   .certain = container.certain,
                   .computed = operands.size() > 2 && values.comes_from(operands[2], e, check.event, true)};
  }
  return std::nullopt;
}

}  // namespace ftaudit::analysis
