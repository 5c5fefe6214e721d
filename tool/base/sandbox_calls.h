// The system calls of a child that only reads: a seccomp filter, written by hand. What is not listed fails. Used by
// sandbox.cpp alone.
#pragma once

#include <string>

namespace ftaudit::sandbox {

// Why this machine cannot filter system calls; "" when it can.
std::string why_no_filter();

// From here on this thread, and those it starts, make no other calls. `strict`: another call raises SIGSYS instead of
// failing. Whether the kernel took the filter. Needs PR_SET_NO_NEW_PRIVS.
bool filter_calls(bool strict);

}  // namespace ftaudit::sandbox
