#include "analysis/only_marked.h"

#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;

bool is_only_marked(const Program& program, const Held& held, const Access& store) {
  const model::Function& function = program.function(store.site.function);
  const auto& events = function.events;
  const Locks& locks = held.at(store.site.function, store.site.event);
  if (locks.empty() || locks[0].acquired == none) return false;
  bool again = false, is_set = false;
  for (EventId e = locks[0].acquired + 1; events.has(e); ++e) {
    const Event& event = events[e];
    if (event.kind == Event::Kind::release) break;
    if (event.kind == Event::Kind::read && event.place == events[store.site.event].place) again |= !is_set;
    if (e == store.site.event) {
      is_set = true;
    } else if (is_call(event)) {
      return false;
    } else if (event.kind == Event::Kind::write) {
      const model::Place& place = function.places[event.place];
      if (place.root != model::Place::Root::variable || !place.steps.empty()) return false;
    }
  }
  return again && is_set;
}

}  // namespace ftaudit::analysis
