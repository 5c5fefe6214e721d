#include "finding/rule.h"
#include "finding/seen.h"

namespace ftaudit::rules {

// Seen in a run, not in the source.
extern const Rule lock_order_seen{seen::lock_order, nullptr};

}  // namespace ftaudit::rules
