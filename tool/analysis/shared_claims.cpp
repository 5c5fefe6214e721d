// Shared: flags that are taken count as locks, once it is proved that everybody keeps to them: who stores to a flag has
// taken it or takes it so, and the flag itself is raced by nobody. Where one does not, the flag keeps nobody off.
#include <algorithm>

#include "analysis/shared.h"

namespace ftaudit::analysis {

using model::Step;

void Shared::settle_claims() {
  const Claims& claims = held_.claims();
  if (claims.flags() == 0) return;
  std::vector<bool> kept(claims.flags(), true);
  for (const FunctionId id : program_.facts.functions.ids())
    for (const auto& [event, step] : claims.in(id))
      if (kept[step.flag] && !keeps_to_claim(id, event, step)) kept[step.flag] = false;
  // Flags that are no atomics: tested and stored under one lock by all, or they are state like any other.
  for (const State& state : states_.states) {
    const auto flag_of = [&](const Access& access) {
      const ClaimStep* step = claims.at(access.site.function, access.site.event);
      return access.write && step != nullptr ? step->flag : none;
    };
    for (const Access& store : state.accesses) {
      const std::uint32_t flag = flag_of(store);
      if (flag == none || !kept[flag] || only_initialises(store)) continue;
      kept[flag] = std::none_of(state.accesses.begin(), state.accesses.end(), [&](const Access& other) {
        return !only_initialises(other) && conflict(store, other);
      });
    }
  }
  for (Listing* listing : {&states_, &containers_})
    for (State& state : listing->states)
      for (Access& access : state.accesses) {
        for (auto& [flag, key] : access.claims)
          if (kept[flag]) access.locks.push_back(std::move(key));
        access.claims.clear();
      }
}

// In every view that is beside others. A new object's flag is set by who has it alone; what a second __init__() does to
// it is told for itself.
bool Shared::keeps_to_claim(FunctionId id, EventId event, const ClaimStep& step) const {
  if (step.does == ClaimStep::Does::exchanges || step.does == ClaimStep::Does::takes) return true;
  const model::Function& function = program_.function(id);
  const Path own = path_of(function, held_.values(id), function.places[function.events[event].place], event);
  for (const ViewId number : views_.of(id)) {
    const View& view = views_.view(number);
    if (views_.alone(view) || view.arrival == Arrival::init || view.arrival == Arrival::make) continue;
    const Path path = views_.lifted(view, own);
    std::size_t object = path.steps.size();
    while (object > 0 && path.steps[object - 1].kind != Step::Kind::deref) --object;
    if (path.root != Path::Root::global && views_.owner(view, path, object, event).is_private()) continue;
    const Locks taken = views_.claims(view, event);
    const std::string place = path.text();
    const std::string name = place.ends_with('*') ? place.substr(0, place.size() - 1) : "&" + place;
    const std::string also = views_.absolute(view, step.what);
    if (step.does == ClaimStep::Does::breaks || std::none_of(taken.begin(), taken.end(), [&](const Lock& lock) {
          return lock.what == name || (!also.empty() && lock.what == also);
        }))
      return false;
  }
  return true;
}

}  // namespace ftaudit::analysis
