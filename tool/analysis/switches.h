// Switches: a helper that a parameter tells whether to lock (`if (need_lock) PyMutex_Lock(&self->gate);`) or what to
// put down for good is as many helpers as it is given constants. In the facts that the analyses see there is one
// function for each, of one name and place, with the branches that its constants leave; each call leads to its own.
// Whoever gives no constant calls the function as it is written.
#pragma once

#include "capi/capi.h"
#include "model/facts.h"

namespace ftaudit::analysis {

// And of all functions only the ways that are left (Reached). `locks` are those by which the facts were read.
void settle_branches(model::Facts& facts, const capi::LockCalls& locks);

}  // namespace ftaudit::analysis
