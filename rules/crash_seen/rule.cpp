#include "finding/rule.h"
#include "finding/seen.h"

namespace ftaudit::rules {

// Seen in a run, not in the source.
extern const Rule crash_seen{seen::crash, nullptr};

}  // namespace ftaudit::rules
