// Argument arrays: arrays of the function's own in which it gathers references, as Cython does with the arguments that
// Python passed before it looks at their types. The array is nobody else's; the objects are whoever's else who has
// them.
#pragma once

#include <vector>

#include "analysis/ownership.h"

namespace ftaudit::analysis {

// What the function itself puts into a local array; what a call puts there is left to the others.
struct Put {
  EventId at = none;
  const model::Step* element = nullptr;  // which; null for the value of the whole array
  bool whole_element = false;            // not only a part of it
  const model::Operand* value = nullptr;
};
// In order; none for what is no local array.
std::vector<Put> puts_into(const model::Function& function, std::uint32_t variable);

// Each reference that the function puts into the array is surely shared, and one of them comes from the caller in
// Python.
bool holds_arguments(const Program& program, const Ownership& ownership, const Frame& in, std::uint32_t variable);

}  // namespace ftaudit::analysis
