// Sections: where control gets out of a critical section without ending it. Begin and End are a pair of braces, so
// places are told by where they stand in the text as well as by the paths that reach them.
#pragma once

#include <vector>

#include "analysis/audit.h"

namespace ftaudit::analysis {

struct WayOut {
  enum class How : std::uint8_t { returned, jumped, thrown, restarted, never_ended };
  How how = How::returned;
  EventId at = none;     // the return; of a jump, the last thing done inside
  EventId begin = none;  // where the section was opened
};

// Of every section that the function opens itself, each event once.
std::vector<WayOut> ways_out(const Audit& audit, FunctionId id);

// A section opened while another object's is open, and the first use of that other object's state behind it.
struct Nesting {
  EventId inner = none, outer = none;  // the Begins; outer none: the callers' section
  Lock suspended;
  EventId use = none;
};
std::vector<Nesting> nestings(const Audit& audit, FunctionId id);

// State of the section's object that was read, and is relied on after a call that may have let the section go.
struct Stale {
  EventId read = none, call = none, use = none;
  Lock section;
};
std::vector<Stale> stale_uses(const Audit& audit, FunctionId id);

}  // namespace ftaudit::analysis
