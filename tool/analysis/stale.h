// Stale values: a pointer read from a field of a shared object while attached, and used after the thread has let go,
// though another function that may run meanwhile gives the field another value. With a lock held across, or a count of
// users kept in the object, the value stays. The same race exists with the GIL, which is let go in the same place.
// Source: C API reference, "Releasing the GIL from extension code"; HOWTO free-threading-extensions, critical sections.
#pragma once

#include <string>
#include <vector>

#include "analysis/audit.h"

namespace ftaudit::analysis {

struct StaleUse {
  Site use;       // of the pointer, detached or after a detached region
  Site detached;  // where the thread let go
  Site replaced;  // where the field gets another value, in a function that may run at the same time
  std::string record, field;
  bool inside = false;  // used in the region itself, not after it
};

// `looked_at` counts the pointers from fields of objects that are used in or after a detached region.
std::vector<StaleUse> stale_uses(const Audit& audit, std::uint64_t& looked_at);

}  // namespace ftaudit::analysis
