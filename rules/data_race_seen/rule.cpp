#include "finding/rule.h"
#include "finding/seen.h"

namespace ftaudit::rules {

// Seen in a run, not in the source.
extern const Rule data_race_seen{seen::data_race, nullptr};

}  // namespace ftaudit::rules
