// LockWalk, the part that knows flags which are taken like a lock (Claims).
#include <algorithm>

#include "analysis/lock_walk.h"

namespace ftaudit::analysis {

// A flag is taken, perhaps, or given back.
void LockWalk::claim(EventId at, World world, std::vector<World>& out) const {
  const ClaimStep& step = *terms_.claims().at(id_, at);
  const Lock taken{.what = step.what, .token = "", .acquired = at, .flag = step.flag};
  const auto same = [&](const Lock& lock) { return is_claim(lock) && lock == taken; };
  if (step.does == ClaimStep::Does::gives_back || step.does == ClaimStep::Does::breaks) {
    if (std::erase_if(world.open, same) == 0) note_callers(world.returned, step.what);
    return void(add(out, std::move(world)));
  }
  const Locks locks = held_in(world);
  const bool sure = step.does == ClaimStep::Does::exchanges ||
                    std::any_of(locks.begin(), locks.end(),
                                [&](const Lock& lock) { return lock.acquired == none || lock.acquired < step.tested; });
  if (step.what.empty() || !sure) return void(add(out, std::move(world)));
  if (step.does == ClaimStep::Does::exchanges) {
    World without = world;
    const Known taken_result{step.taken_when_zero, 0}, other{!step.taken_when_zero, 0};
    conditions_.learn(without, step.result, other);
    conditions_.learn(world, step.result, taken_result);
    add(out, std::move(without));
  }
  if (std::none_of(world.open.begin(), world.open.end(), same)) world.open.push_back(taken);
  add(out, std::move(world));
}

}  // namespace ftaudit::analysis
