// Split updates: an atomic store that goes back to a load of the same place, by its value or by a test of it, with no
// lock around both. Each step is atomic, the two together are not.
// Source: ISO C11, 7.17.7; ISO C++20, [atomics.types.operations].
#pragma once

#include <optional>

#include "analysis/audit.h"

namespace ftaudit::analysis {

struct SplitUpdate {
  Site load;
  bool computed = false;  // the value stored comes from the load; otherwise a test of the load decides about the store
  bool certain = false;   // several threads can make the store, on the same object
};

bool is_atomic_store(const model::Event& event);

// None when the store stands for itself, when a lock is held, or when nobody else can be at the place.
std::optional<SplitUpdate> split_update(const Audit& audit, const Site& store);

}  // namespace ftaudit::analysis
