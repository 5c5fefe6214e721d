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

// Memory that is made known by an atomic store without an order: whoever loads the pointer may follow it to what was
// there before the memory was filled. One lock around both orders them, a store with release order does.
struct Unordered {
  std::string name;  // "table", "config_"
  Site store, load;
  Site use;             // where what was loaded is followed, perhaps by a caller
  bool locked = false;  // the store stands under a lock, which the use does not hold
};
std::vector<Unordered> unordered_stores(const Audit& audit);

}  // namespace ftaudit::analysis
