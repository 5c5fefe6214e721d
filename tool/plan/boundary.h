// Boundary: locks of an object for a struct that it leads to, where what uses the struct does not know the object: code
// of a library that the project ships, blocks behind a pointer. The lock is held where the object hands the struct on,
// in the project's own functions.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plan/holders.h"
#include "plan/remedy.h"

namespace ftaudit::plan {

// The critical section of the objects all through the functions that are handed them, or, where somebody is detached, a
// mutex of their own around what they do with the struct. Nothing where nobody knows whose it is. `fields`: what of it
// is used, in words. What it speaks of is left to the caller.
std::optional<Remedy> boundary_remedy(const analysis::Audit& audit, const Holders& holders, const std::string& record,
                                      const std::vector<analysis::Party>& parties, const std::string& fields);

// The PyMutex that a record has, or the name that a new one gets; true for a new one.
std::pair<std::string, bool> mutex_in(const analysis::Audit& audit, const std::string& record);

}  // namespace ftaudit::plan
