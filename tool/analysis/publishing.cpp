#include "analysis/publishing.h"

#include <algorithm>

#include "capi/capi.h"
#include "capi/changes.h"
#include "capi/collector.h"
#include "capi/slots.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

// An object is made: zeroed (tp_alloc), or with whatever was in its memory.
bool zeroes(const model::Function& function, const Event& event) {
  if (capi::makes_zeroed_object(event.callee)) return true;
  if (!event.callee.empty() || event.target.place == none) return false;
  const std::vector<model::Step>& steps = function.places[event.target.place].steps;
  return !steps.empty() && capi::slot_use(steps.back().field) == capi::SlotUse::allocation;
}

bool stores_nothing(const Event& event) {
  return !event.operands.empty() &&
         (event.operands[0].kind == Operand::Kind::null ||
          (event.operands[0].kind == Operand::Kind::number && event.operands[0].number == 0));
}

enum class Seen { no, tracked, published };

Seen how_seen(const Audit& audit, FunctionId id, const Use& use) {
  const model::Function& function = audit.program().function(id);
  const Event& event = function.events[use.event];
  const auto shared = [&](const Operand& operand) {
    const Origin origin = audit.ownership().of(id, use.event, operand);
    return origin.kind == Origin::Kind::shared && origin.certain;
  };
  if (use.kind == Use::Kind::stored && event.place != none) {
    Operand to;
    to.kind = Operand::Kind::place, to.place = event.place;
    return shared(to) ? Seen::published : Seen::no;
  }
  if (use.kind != Use::Kind::passed) return Seen::no;
  // An object without fields set yet is a danger to the collector only if the collector may run before they are.
  if (capi::tracks(event.callee)) return Seen::tracked;
  return capi::taken_in(event.callee) == use.argument && shared(event.operands[0]) ? Seen::published : Seen::no;
}

bool one_lock(const Audit& audit, FunctionId id, EventId a, EventId b) {
  const Locks &before = audit.held().at(id, a), &then = audit.held().at(id, b);
  return std::any_of(before.begin(), before.end(),
                     [&](const Lock& lock) { return std::find(then.begin(), then.end(), lock) != then.end(); });
}

bool runs_between(const Audit& audit, FunctionId id, EventId from, EventId to) {
  const model::Function& function = audit.program().function(id);
  for (EventId e = from + 1; e < to; ++e)
    if (audit.suspension().event(function, function.events[e]) && audit.values(id).reaches(from, e, none) &&
        audit.values(id).reaches(e, to, none))
      return true;
  return false;
}

// `fresh->next->previous` behind `fresh->next = list->first`: the field of another object, that was there before.
bool lies_beyond(const Audit& audit, FunctionId id, const std::string& self,
                 const std::vector<std::pair<EventId, std::string>>& writes, const std::string& field) {
  const std::size_t pointer = field.find('*', self.size() + 1);
  if (pointer == std::string::npos) return false;
  bool found = false;
  for (const auto& [write, name] : writes) {
    if (name.size() != pointer || !field.starts_with(name)) continue;
    const Event& event = audit.program().function(id).events[write];
    const Origin origin =
        event.operands.empty() ? Origin{Origin::Kind::fresh} : audit.ownership().of(id, write, event.operands[0]);
    if (origin.kind == Origin::Kind::none) continue;
    if (origin.is_private()) return false;
    found = true;
  }
  return found;
}

}  // namespace

bool makes_object(const model::Function& function, const Event& event) {
  return is_call(event) && (zeroes(function, event) || capi::makes_object(event.callee));
}

std::optional<Unfinished> seen_unfinished(const Audit& audit, FunctionId id, EventId made) {
  const model::Function& function = audit.program().function(id);
  const Values& values = audit.values(id);
  const std::string self = "c" + std::to_string(made.n);
  std::vector<std::pair<EventId, std::string>> writes;  // of its fields
  for (const EventId e : function.events.ids(made + 1))
    if (function.events[e].kind == Event::Kind::write && function.events[e].place != none &&
        !function.places[function.events[e].place].steps.empty())
      if (std::string field = values.identity(function.places[function.events[e].place], e);
          field.size() > self.size() && lies_in(field, self))
        writes.emplace_back(e, std::move(field));
  if (writes.empty()) return std::nullopt;
  for (const Use& use : values.uses(made)) {
    // A helper of the project may set the fields.
    if (use.kind == Use::Kind::passed && audit.program().find(function.events[use.event].callee_key) != none)
      return std::nullopt;
    const Seen seen = how_seen(audit, id, use);
    if (seen == Seen::no) continue;
    for (const auto& [write, field] : writes) {
      const Event& event = function.events[write];
      const model::Place& place = function.places[event.place];
      if (write < use.event || !values.reaches(use.event, write, none) || one_lock(audit, id, use.event, write) ||
          lies_beyond(audit, id, self, writes, field))
        continue;
      const bool nothing = stores_nothing(event);
      // A NULL that stands for what is still to come is no value.
      if (std::any_of(writes.begin(), writes.end(), [&](const auto& other) {
            return other.first < use.event && other.second == field && values.reaches(other.first, use.event, none) &&
                   (nothing || !stores_nothing(function.events[other.first]));
          }))
        continue;
      if (zeroes(function, function.events[made]) && (nothing || seen == Seen::tracked)) continue;
      if (seen == Seen::tracked && (!place.type.to_object || !runs_between(audit, id, use.event, write))) continue;
      return Unfinished{.seen = use.event,
                        .made = made,
                        .set = write,
                        .field = place.steps.back().field,
                        .tracked = seen == Seen::tracked};
    }
  }
  return std::nullopt;
}

}  // namespace ftaudit::analysis
