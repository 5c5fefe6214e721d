#include "finding/rule.h"
#include "finding/seen.h"

namespace ftaudit::rules {

// Seen in a run, not in the source.
extern const Rule mutex_misuse_seen{seen::mutex_misuse, nullptr};

}  // namespace ftaudit::rules
