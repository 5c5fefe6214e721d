// Stretches: whether a lock that is held in two places was kept all the way, or given back and taken once more, so that
// others have had time in between. Used by those who look for what was read in one locked stretch and used in the next.
#pragma once

#include "analysis/values.h"
#include "analysis/worlds.h"

namespace ftaudit::analysis {

// `now`, at a later event, is of a stretch that begins behind event `read`; `before` is the lock as it was held there.
inline bool taken_again(const Lock& before, const Lock& now, EventId read, const Values& values) {
  return now.acquired != none && now.acquired != before.acquired && now.acquired > read && !now.recursive &&
         values.reaches(read, now.acquired, none);
}

}  // namespace ftaudit::analysis
