#include "finding/rule.h"
#include "finding/seen.h"

namespace ftaudit::rules {

// Seen in a run, not in the source.
extern const Rule use_after_free_seen{seen::use_after_free, nullptr};

}  // namespace ftaudit::rules
