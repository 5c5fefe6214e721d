// Balance: functions that give a lock back on some ways out and keep it on others. A function that keeps it on purpose,
// for its callers to give back, is no such thing. Also mutexes whose memory is copied, moved or never made zero.
#pragma once

#include <vector>

#include "analysis/audit.h"

namespace ftaudit::analysis {

struct Leak {
  Lock lock;
  EventId leave = none;       // the way out that keeps it; none: off the end of the function
  EventId given_back = none;  // where another way gives it back
  bool thrown = false;        // an exception leaves there
  bool suspended = false;     // the coroutine waits there, and whoever resumes it gives the lock back
};
std::vector<Leak> leaks(const Audit& audit, FunctionId id);
// Locks without a guard that are held where an exception may leave the function: a throw, a call of a function that
// throws, what a library throws as a matter of course. Memory that runs out is no such thing.
std::vector<Leak> thrown_leaks(const Audit& audit, FunctionId id);

// The locks that an event gives back, by itself or through what it calls.
std::vector<std::string> given_back(const Audit& audit, FunctionId id, EventId at);
// A lock whose holder gives it back itself: no section, and nobody's guard.
bool is_balanced_kind(const Lock& lock);

// A lock given back (or taken again) wrongly, as far as that can be told from this function alone.
struct Wrong {
  Misuse misuse;
  bool sure = false;
  bool told_at_call = false;  // what the callers hold, LockOrder tells where they call
};
std::vector<Wrong> wrong_uses(const Audit& audit, FunctionId id);

// Whether the thread that holds such a lock may be allowed to take it again: somewhere mutexes are made to be
// recursive, and which of them is not known.
bool may_nest(const Audit& audit, const Lock& lock);

// A PyMutex has to be zero before it is used and to stay where it is.
struct Misplaced {
  enum class How : std::uint8_t { copied, moved, not_zeroed };
  How how = How::copied;
  EventId event = none;
  std::string field;  // "Box.lock"
};
std::vector<Misplaced> misplaced_mutexes(const Audit& audit, FunctionId id);

}  // namespace ftaudit::analysis
