// Internals: fields of CPython's own containers that are read and written directly, past the functions that lock. Which
// fields are whose is capi's; who else has the container, and which lock is held, is found here. Source: PEP 703
// (container thread-safety).
#pragma once

#include <vector>

#include "analysis/audit.h"

namespace ftaudit::analysis {

struct InternalUse {
  Site site;
  const capi::Internal* field = nullptr;
  bool certain = false;  // others surely have the container
};

// Those that others may get in the way of. `looked_at` counts every use of such a field, harmless ones included.
std::vector<InternalUse> internal_uses(const Audit& audit, FunctionId id, std::uint64_t& looked_at);

}  // namespace ftaudit::analysis
