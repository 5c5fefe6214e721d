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

}  // namespace ftaudit::analysis
