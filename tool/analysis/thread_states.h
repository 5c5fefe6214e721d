// Thread states: what a function does with thread states that are not its thread's own, or that others get at as well:
// a walk over those of other threads, a field of one that was kept, a saved state put where the next thread puts its
// own. Source: C API reference, threads; PEP 703.
#pragma once

#include "analysis/audit.h"
#include "analysis/own_states.h"

namespace ftaudit::analysis {

enum class StateUse : std::uint8_t {
  none,
  walk,        // over the states of other threads: where it begins
  walk_on,     // ... and goes on
  kept,        // saved where only this thread is, or under a mutex
  given_away,  // saved in a place that other threads use as well
  foreign,     // a field of a state that is not the calling thread's is read or written
};
StateUse state_use(const Audit& audit, OwnStates& own, const Site& site);

}  // namespace ftaudit::analysis
