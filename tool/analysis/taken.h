// Taken: what a function has taken out of a slot or off a list, and nobody else finds there any more:
// `node = self->free; if (node != NULL) self->free = node->next;`.
#pragma once

#include "analysis/values.h"

namespace ftaudit::analysis {

// `load` wrote what a field or a global held into a local. On every way from there to `at` on which that is not NULL
// the function has put something else there, and it has put the local's value nowhere else: whatever that exchange may
// be worth itself, what the local leads to is this thread's now.
bool is_taken(const Program& program, FunctionId id, const Values& values, EventId load, EventId at);

// The place goes through a local that holds what was taken so.
bool taken_out(const Program& program, FunctionId id, const Values& values, const model::Place& place, EventId at);

}  // namespace ftaudit::analysis
