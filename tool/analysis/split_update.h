// Split updates: an atomic store that goes back to a load of the same place, by its value or by a test of it, with no
// lock around both. Each step is atomic, the two together are not.
// Source: ISO C11, 7.17.7; ISO C++20, [atomics.types.operations].
#pragma once

#include <optional>
#include <vector>

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

// A count that is lowered in one step and asked in another whether it is zero, to free what it counts for: two that
// lower it can both find zero, and none is told which of them was the last.
struct SplitDrop {
  Site drop, test;
};
std::vector<SplitDrop> split_drops(const Audit& audit, FunctionId id);

}  // namespace ftaudit::analysis
