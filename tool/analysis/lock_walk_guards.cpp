// LockWalk, the part that knows guards: what they are called, and how they hand on the lock that they hold.
#include <algorithm>

#include "analysis/lock_walk.h"

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Operand;

void LockWalk::hand_on(World& world, const std::string& from, const std::string& to) {
  if (from.empty()) return;
  for (Lock& lock : world.open)
    if (lock.token == from) lock.token = to;
}

// The identity that an object has as an operand, of what a value is written into.
std::string LockWalk::stored_in(const Event& write) const {
  Operand object;
  object.kind = Operand::Kind::address;
  object.place = write.place;
  return terms_.values(id_).identity(object, static_cast<EventId>(&write - function_.events.data()));
}

// A constructor that moves from a guard of its own class.
bool LockWalk::is_made_from_guard(EventId at, const LockCall& lock) const {
  const Event& event = function_.events[at];
  if (lock.token < 0 || lock.lock < 1 || static_cast<std::size_t>(lock.lock) >= event.operands.size()) return false;
  const Operand& given = event.operands[static_cast<std::size_t>(lock.lock)];
  return (given.kind == Operand::Kind::place || given.kind == Operand::Kind::address) &&
         function_.places[given.place].type.record == event.callee.substr(0, event.callee.rfind("::"));
}

// A guard without a name is known by the event that makes it.
std::string LockWalk::guard_of(EventId at) {
  const std::string& named_guard = operand(at, 0);
  return named_guard.empty() ? "c" + std::to_string(at.n) : named_guard;
}

// "adopt_lock", "defer_lock", "try_to_lock", or "".
const char* LockWalk::tag(const Event& event) const {
  for (const Operand& operand : event.operands) {
    if (operand.kind != Operand::Kind::place && operand.kind != Operand::Kind::address) continue;
    const model::Place& place = function_.places[operand.place];
    if (place.root != model::Place::Root::global || !place.steps.empty()) continue;
    for (const char* name : {"std::adopt_lock", "std::defer_lock", "std::try_to_lock"})
      if (program_.facts.globals[place.global].name == name) return name + 5;
  }
  return "";
}

}  // namespace ftaudit::analysis
