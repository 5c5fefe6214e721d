// Stripes: an array of locks, of which each thread takes the one that a value of its own chooses. For what there is
// only one of, in the process or in the object, that is no lock: another thread has another one of them.
#pragma once

#include "analysis/held.h"
#include "analysis/shared.h"

namespace ftaudit::analysis {

// Of such a lock that the access holds others hold the rest beside it, as they do of a reader's lock; who takes all of
// them is alone.
void share_stripe(const Program& program, const Held& held, const State& state, Access& access);

}  // namespace ftaudit::analysis
