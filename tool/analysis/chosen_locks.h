// Chosen locks: `first = a < b ? a : b; second = a < b ? b : a; lock(first); lock(second);`. Two objects are locked in
// the order of their addresses, so that nobody waits in a circle; which one comes first does not matter for what is
// held then. Used by LockTerms, where locks get their names.
#pragma once

#include <string>

#include "analysis/values.h"

namespace ftaudit::analysis {

// A lock of a local that holds the lower or the higher of two objects, named by the objects where the function locks
// both, and as one that is neither's for sure where it does not. Other names stay as they are.
std::string name_of_chosen(const Program& program, FunctionId id, const Values& values, const std::string& lock);

}  // namespace ftaudit::analysis
