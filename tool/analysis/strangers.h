// Strangers: those whom nobody sees. What a library exports, or is given as a callback, is called by whom it may be and
// when it may be; perhaps only by the import of a module written in Cython. Hazards that need one are possible, no
// more.
#pragma once

#include "analysis/audit.h"

namespace ftaudit::analysis {

// Nobody who is seen gets there.
bool is_a_strangers(const Audit& audit, const Access& access);

// Both sides can get there by other ways than through hooks that strangers alone set, this pair or another.
bool meet_without_hooks(const Audit& audit, const Conflict& conflict);

}  // namespace ftaudit::analysis
