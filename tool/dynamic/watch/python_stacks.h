// Python stacks of a live process, read out of its memory without stopping it and without its help: from 3.13 on
// CPython carries a table of where its structures keep what (_Py_DebugOffsets, for profilers and debuggers). A glance,
// not a snapshot: a thread that runs may be seen between two frames. Used by the watch on processes that stand still.
#pragma once

#include "dynamic/watch/threads.h"

namespace ftaudit::dynamic {

// Fills in the Python stack of each thread that has one; false, and nothing changed, if this is no CPython it can read.
bool add_python_stacks(Standstill& process);

// The line of a code unit's offset (in bytes from the start of the code), from co_linetable; the format is that of
// Objects/locations.md in CPython. `first` is co_firstlineno.
std::uint32_t line_of(std::string_view linetable, std::uint32_t first, std::uint64_t offset);

}  // namespace ftaudit::dynamic
