// Own locks: a mutex in a local that nobody else is given keeps nobody off: each call that locks it has one of its own.
// Used by Shared. Source: [thread.mutex.requirements]: a mutex excludes those who lock the same one.
#pragma once

#include <string>

#include "analysis/program.h"

namespace ftaudit::analysis {

// The lock, as Held names it ("&v3.mutex"), lies in a local of the function, and nothing but its own members, and calls
// that lock, are given its address.
bool is_own_lock(const Program& program, FunctionId id, const std::string& lock);

}  // namespace ftaudit::analysis
