// Lock wrappers of the settings: functions that lock in a way the sources do not show (a library's, a hand-made spin
// lock). Wrappers whose sources are read are seen through without this.
#pragma once

#include <string>
#include <vector>

#include "audit/sources.h"
#include "capi/capi.h"

namespace ftaudit::audit {

// What is to be known by everything that reads the code.
capi::LockCalls lock_calls(const std::vector<LockWrapper>& wrappers);

// Two lists with the same text mean the same.
std::string wrapper_text(const std::vector<LockWrapper>& wrappers);

}  // namespace ftaudit::audit
