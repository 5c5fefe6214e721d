// Only marked: a flag that is looked at again under the lock and set, with nothing else done there: it says that
// somebody is at it ("closing"), and nothing stands behind it that an early look without the lock could miss. Used by
// Conflicts.
#pragma once

#include "analysis/shared.h"

namespace ftaudit::analysis {

// `store` is the one that sets the flag, under a lock that its function has taken.
bool is_only_marked(const Program& program, const Held& held, const Access& store);

}  // namespace ftaudit::analysis
