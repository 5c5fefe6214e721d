// Argument arrays: an array of the function's own in which it collects references that Python passed, as Cython does before
// it looks at their types. The array is nobody else's; the objects are whoever's else who has them.
#pragma once

#include "analysis/ownership.h"

namespace ftaudit::analysis {

// Each reference that the function puts into the array is surely shared, and one of them comes from the caller in
// Python. What a call puts there is left to the others.
bool holds_arguments(const Program& program, const Ownership& ownership, const Frame& in, std::uint32_t variable);

}  // namespace ftaudit::analysis
