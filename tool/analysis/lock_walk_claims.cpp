// LockWalk, the part that knows flags which are taken like a lock (Claims), locks that no library knows, and plain
// flags that are set under a lock.
#include <algorithm>

#include "analysis/field_writes.h"
#include "analysis/lock_walk.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

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

// A lock that no library knows is taken or given back (HandmadeLocks).
void LockWalk::follow(World& world, const HandmadeStep& step) {
  const auto same = [&](const Lock& lock) { return lock.what == step.lock.what && !is_claim(lock); };
  if (step.takes) {
    const bool again = step.lock.recursive && step.lock.token != held_before;
    if (again || std::ranges::none_of(world.open, same)) world.open.push_back(step.lock);
    return;
  }
  const auto last = std::find_if(world.open.rbegin(), world.open.rend(), same);
  if (last == world.open.rend() || last->token == held_before) note_callers(world.released, step.lock.what);
  if (last != world.open.rend()) world.open.erase(std::next(last).base());
}

// The ready flag, named as a lock is, that the event sets, or, of a compare event, asks about; "" for all others.
// Atomics say by themselves what is to be seen.
const std::string& LockWalk::plain_flag(EventId at) const {
  const auto [known, is_new] = plain_flags_.try_emplace(at);
  if (!is_new) return known->second;
  const Event& event = function_.events[at];
  std::uint32_t of = event.place;
  if (event.kind == Event::Kind::compare)
    of = !event.operands.empty() && event.operands[0].kind == Operand::Kind::place ? event.operands[0].place : none;
  else if (event.op != Event::Operator::assign || event.operands.empty() ||
           constant(event.operands[0]).value_or(0) == 0)
    return known->second;
  if (of == none) return known->second;
  const model::Place& place = function_.places[of];
  if (place.type.kind != model::Type::Kind::scalar || place.type.is_atomic || event.atomic) return known->second;
  if (const std::string key = FieldWrites::key(place); !terms_.is_ready_flag(key)) return known->second;
  if (std::string name = terms_.values(id_).identity(place, at); !name.empty()) known->second = "&" + name;
  return known->second;
}

}  // namespace ftaudit::analysis
