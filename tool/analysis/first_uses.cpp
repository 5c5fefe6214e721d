// Conflicts, the part that knows what it is that two threads both do where they find something unset: fill it, which
// could be done before, mark it, or hang an element into a list that is empty or ends there.
#include <algorithm>

#include "analysis/conflicts.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Step;

// What is stored says no more than that it has been set.
bool Conflicts::is_marked(const State& state, const Access& store) const {
  const Event& event = program_.function(store.site.function).events[store.site.event];
  if (state.type.kind != model::Type::Kind::scalar || state.contents || event.kind != Event::Kind::write) return false;
  return event.op == Event::Operator::update || (!event.operands.empty() && constant(event.operands[0]).has_value());
}

// It leads to records that lead on to others of their kind, and who stores it hangs one of them into another.
bool Conflicts::grows(const State& state, const Access& store) const {
  if (state.type.kind != model::Type::Kind::pointer || state.type.to_object || state.type.indirections > 1)
    return false;
  const std::string& record = state.type.record;
  const auto leads_on = [&](const model::Type& type) {
    return type.kind == model::Type::Kind::pointer && type.indirections == 1 && type.record == record;
  };
  const bool chained = std::ranges::any_of(program_.facts.records, [&](const model::Record& known) {
    return known.name == record &&
           std::ranges::any_of(known.fields, [&](const model::Field& field) { return leads_on(field.type); });
  });
  if (record.empty() || !chained) return false;
  if (state.kind == State::Kind::field && state.record == record) return true;
  const model::Function& function = program_.function(store.site.function);
  return std::ranges::any_of(function.events, [&](const Event& event) {
    if (event.kind != Event::Kind::write || event.place == none || event.operands.empty() ||
        event.operands[0].kind == Operand::Kind::null)
      return false;
    const model::Place& place = function.places[event.place];
    return !place.steps.empty() && place.steps.back().kind == Step::Kind::field &&
           place.steps.back().record == record && leads_on(place.type);
  });
}

// Behind it, and nowhere else on the way, something is freed or let go that was there before the call.
bool Conflicts::guards_release(const Access& store) const {
  const FunctionId id = store.site.function;
  const model::Function& function = program_.function(id);
  const Values& values = held_.values(id);
  const Flow& flow = program_.flow(id);
  for (const EventId e : function.events.ids(store.site.event + 1)) {
    const Event& event = function.events[e];
    if (!is_call(event) || event.operands.empty() ||
        !(capi::frees(event.callee) || kind_of_use(event.callee) == Use::Kind::released) ||
        !flow.dominates(flow.block_of[store.site.event], flow.block_of[e]))
      continue;
    const Path path = path_of(function, values, event.operands[0], e);
    if (path.root == Path::Root::parameter || path.root == Path::Root::global) return true;
  }
  return false;
}

}  // namespace ftaudit::analysis
