// Lock wrappers of the settings: functions that lock in a way the sources do not show (a library's, a hand-made spin
// lock). Wrappers whose sources are read are seen through without this.
#pragma once

#include <string>
#include <vector>

#include "audit/sources.h"

namespace ftaudit::audit {

// Makes them known to everything that reads code from now on.
void announce(const std::vector<LockWrapper>& wrappers);

// Two lists with the same text mean the same.
std::string wrapper_text(const std::vector<LockWrapper>& wrappers);

}  // namespace ftaudit::audit
