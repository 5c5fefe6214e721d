#include "finding/rule.h"
#include "finding/seen.h"

namespace ftaudit::rules {

// Seen in a run, not in the source.
extern const Rule deadlock_seen{seen::deadlock, nullptr};

}  // namespace ftaudit::rules
