#include "analysis/own_states.h"

#include <algorithm>

#include "capi/records.h"
#include "capi/thread_states.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Step;

static std::string name_of(const Step& step) { return step.record + "." + step.field; }

bool OwnStates::kept_in(const Step& field) {
  if (!looked_) look_at_stores();
  const auto known = own_.find(name_of(field));
  return known != own_.end() && known->second;
}

void OwnStates::look_at_stores() {
  looked_ = true;
  for (const FunctionId id : audit_.facts().functions.ids()) {
    const model::Function& function = audit_.program().function(id);
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (event.kind != Event::Kind::write || event.place == model::none) continue;
      const model::Place& place = function.places[event.place];
      if (place.steps.empty() || place.steps.back().kind != Step::Kind::field ||
          capi::record_named(place.type.record) != capi::Record::thread_state)
        continue;
      const bool own = !event.operands.empty() && is_own(id, e, event.operands[0], 0);
      const auto [at, is_new] = own_.try_emplace(name_of(place.steps.back()), own);
      if (!is_new) at->second &= own;
    }
  }
}

bool OwnStates::is_own(FunctionId id, EventId at, const Operand& value, unsigned depth) const {
  const model::Function& function = audit_.program().function(id);
  if (value.kind == Operand::Kind::null) return true;
  if (value.kind == Operand::Kind::call) {
    const Event& call = function.events[value.event];
    if (capi::gives_own_state(call.callee) || capi::makes_state(call.callee) ||
        capi::gives_thread_specific(call.callee) || capi::saves_thread(call.callee))
      return true;
    return depth < 4 && gives_own(audit_.program().find(call.callee_key), depth + 1);
  }
  if (value.kind != Operand::Kind::place || depth == 4) return false;
  const model::Place& place = function.places[value.place];
  if (place.root != model::Place::Root::variable || !place.steps.empty()) return false;
  const auto& given = audit_.values(id).definitions(place.variable, at);
  return !given.empty() && std::ranges::all_of(given, [&](EventId store) {
    return store != model::none && !function.events[store].operands.empty() &&
           is_own(id, store, function.events[store].operands[0], depth + 1);
  });
}

// All that the function returns is the caller's thread's own.
bool OwnStates::gives_own(FunctionId id, unsigned depth) const {
  if (id == model::none) return false;
  const model::Function& function = audit_.program().function(id);
  bool any = false;
  for (const EventId e : function.events.ids()) {
    if (function.events[e].kind != Event::Kind::leave) continue;
    any = true;
    if (function.events[e].operands.empty() || !is_own(id, e, function.events[e].operands[0], depth)) return false;
  }
  return any;
}

}  // namespace ftaudit::analysis
