// Spans: from where to where in a function a lock is held that must not be held while Python runs. All through it where
// nothing in it runs Python or waits; else from the first access to the last; and where Python runs between these,
// around the accesses, block by block: then what is read and what is written have to come together by hand.
#pragma once

#include <set>
#include <vector>

#include "analysis/audit.h"
#include "plan/edit.h"

namespace ftaudit::plan {

// Holds with first, last, stretch and apart filled in; with none of them: all through the function. `accesses`: what
// lacks the lock; `all`: whatever the function does to the state.
std::vector<Edit> spans_without_python(const analysis::Audit& audit, FunctionId id, const std::set<EventId>& accesses,
                                       const std::set<EventId>& all);

}  // namespace ftaudit::plan
