// Atomic pointers: what is loaded atomically out of a slot and used, while a writer that exchanges the slot gives up
// what was in it. The load cannot be torn; that the object lives until its use nothing says. Source: C11, 7.17; HOWTO
// free-threading-extensions.
#pragma once

#include <vector>

#include "analysis/audit.h"

namespace ftaudit::analysis {

struct UnkeptLoad {
  Site load;
  EventId use = none;    // the first use that needs the object
  bool counted = false;  // it takes a reference
  Site dropped;          // where another thread gives it up
};

// `looked_at` counts every atomic load from such a slot.
std::vector<UnkeptLoad> unkept_loads(const Audit& audit, std::uint64_t& looked_at);

}  // namespace ftaudit::analysis
