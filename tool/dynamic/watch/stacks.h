// Stacks of a process that stands still, as gdb tells them where it is installed. It adds to what threads.h knows:
// functions for each thread, and the locks of CPython's own making that a thread is seen to wait for. Used by the
// watch.
#pragma once

#include <string_view>

#include "dynamic/watch/threads.h"

namespace ftaudit::dynamic {

// Asks gdb; false, and nothing changed, where there is none or it may not attach.
bool add_native_stacks(Standstill& process);

// The text of gdb's "thread apply all bt", put into the threads it names.
void read_gdb_stacks(std::string_view text, Standstill& process);

// What the stacks say of CPython's locks: _PyMutex_LockTimed's argument, a wait for all threads to stop.
void read_locks_from_stacks(Standstill& process);

}  // namespace ftaudit::dynamic
