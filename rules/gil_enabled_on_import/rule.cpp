#include "finding/rule.h"
#include "finding/seen.h"

namespace ftaudit::rules {

// Seen in a run, not in the source.
extern const Rule gil_enabled_on_import{seen::gil_on_import, nullptr};

}  // namespace ftaudit::rules
