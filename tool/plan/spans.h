// Spans: from where to where in a function a lock is held that must not be held while Python runs. All through it where
// nothing in it runs Python or waits, else around the accesses, block by block.
#pragma once

#include <utility>
#include <vector>

#include "analysis/audit.h"
#include "plan/edit.h"

namespace ftaudit::plan {

// `accesses`: sorted. {none, none}: all through the function.
std::vector<std::pair<EventId, EventId>> spans_without_python(const analysis::Audit& audit, FunctionId id,
                                                              const std::vector<EventId>& accesses);

}  // namespace ftaudit::plan
