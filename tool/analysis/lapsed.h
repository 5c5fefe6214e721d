// Lapsed numbers: a length or an index that is read from a shared object in one locked stretch, and says in a later one
// where to look or how far. Others have the lock in between: by then the items may be fewer. Who looks at the field
// again under the second lock, or compares with it, has made sure. Asked by FT303.
#pragma once

#include <vector>

#include "analysis/audit.h"

namespace ftaudit::analysis {

struct Lapsed {
  const State* state = nullptr;
  const Access* read = nullptr;
  const Access* writer = nullptr;  // who gives the field another value under the lock
  EventId use = none;              // in the function of the read
  bool amount = false;             // so many bytes are copied; else it is an index, or bounds one
};

// One a read.
std::vector<Lapsed> lapsed_numbers(const Audit& audit);

}  // namespace ftaudit::analysis
