#include "analysis/thread_states.h"

#include "capi/capi.h"
#include "capi/records.h"
#include "capi/thread_states.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

namespace {

// A place that other threads use as well: a global, or a field of an object.
bool is_everybodys(const Audit& audit, const Site& site, const Place& place) {
  if (place.root == Place::Root::global && !audit.facts().globals[place.global].is_thread_local) return true;
  for (const model::Step& step : place.steps)
    if (const model::Record* record =
            step.kind == model::Step::Kind::field ? audit.program().record(step.record) : nullptr;
        record != nullptr && record->is_object)
      return !audit.contexts().exclusive(site.function);
  return false;
}

// A field of a thread state that is not the calling thread's: it was kept somewhere, or came out of a walk.
bool is_foreign(const Audit& audit, OwnStates& own, const Site& site, const Place& place) {
  std::size_t at = 0;
  while (at < place.steps.size() && !(place.steps[at].kind == model::Step::Kind::field &&
                                      capi::record_named(place.steps[at].record) == capi::Record::thread_state))
    ++at;
  if (at == place.steps.size()) return false;
  std::size_t keeper = at;  // the field that the state is kept in
  for (std::size_t n = 0; n < at; ++n)
    if (place.steps[n].kind == model::Step::Kind::field) keeper = n;
  if (keeper != at) return is_everybodys(audit, site, place) || !own.kept_in(place.steps[keeper]);
  if (place.root == Place::Root::global) return true;
  if (place.root != Place::Root::variable) return false;
  const model::Function& function = audit.function(site);
  for (EventId given : audit.values(site.function).definitions(place.variable, site.event)) {
    if (given == none || function.events[given].operands.empty()) return false;
    const Operand& value = function.events[given].operands[0];
    if (value.kind == Operand::Kind::call && !capi::gives_own_state(function.events[value.event].callee))
      return capi::walks_states(function.events[value.event].callee) != capi::StateWalk::none;
  }
  return false;
}

bool held_by_mutex(const Audit& audit, const Site& site) {
  for (const Lock& lock : audit.held().at(site.function, site.event))
    if (lock.kind != capi::LockCall::Kind::critical_section) return true;
  return false;
}

}  // namespace

StateUse state_use(const Audit& audit, OwnStates& own, const Site& site) {
  const model::Function& function = audit.function(site);
  const Event& event = audit.event(site);
  if (const capi::StateWalk walk = capi::walks_states(event.callee); walk != capi::StateWalk::none)
    return walk == capi::StateWalk::goes_on ? StateUse::walk_on : StateUse::walk;
  if ((event.kind != Event::Kind::read && event.kind != Event::Kind::write) || event.place == none)
    return StateUse::none;
  const Place& place = function.places[event.place];
  const bool saves = event.kind == Event::Kind::write && !event.operands.empty() &&
                     event.operands[0].kind == Operand::Kind::call &&
                     capi::saves_thread(function.events[event.operands[0].event].callee);
  if (saves)
    return is_everybodys(audit, site, place) && !held_by_mutex(audit, site) ? StateUse::given_away : StateUse::kept;
  return is_foreign(audit, own, site, place) ? StateUse::foreign : StateUse::none;
}

}  // namespace ftaudit::analysis
