#include "finding/rule.h"
#include "finding/seen.h"

namespace ftaudit::rules {

// Seen in a run, not in the source.
extern const Rule hang_seen{seen::hang, nullptr};

}  // namespace ftaudit::rules
