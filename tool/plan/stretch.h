// Stretch: the least part of a function that takes in some events from the first of them to the last on every way,
// loops whole. Where a lock is held that has to stay from one event to the next; nothing is said of what else is done
// there.
#pragma once

#include <optional>
#include <set>

#include "analysis/audit.h"
#include "plan/edit.h"

namespace ftaudit::plan {

// Not inside the loop of an event unless `made` (what the lock is of) is made in it. Nothing where no place comes
// before all of them and after `made`, or where a way around them meets a way through them.
std::optional<Stretch> stretch_of(const analysis::Audit& audit, FunctionId id, const std::set<EventId>& events,
                                  EventId made);

// The events of the function that lie in it.
std::set<EventId> events_in(const analysis::Audit& audit, FunctionId id, const Stretch& stretch);

}  // namespace ftaudit::plan
