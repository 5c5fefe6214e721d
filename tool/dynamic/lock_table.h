// The table that annotated extensions keep of their locks, in one file shared by the processes of a run: who has each
// PyMutex or critical section and who waits for it. Written by the annotations without any lock, so a row may be torn;
// read here for the watch, which looks twice before it believes. Layout: see LockRow; the writer is runtime/annotations.h.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "base/files.h"

namespace ftaudit::dynamic {

// One slot of the file, 64 bytes, little endian, no header; address 0: free. A thread that waits has its own row with
// `owner` 0 and itself as `waiter`; the owner has one row for each lock it has.
struct LockRow {
  std::uint64_t address = 0;
  std::uint32_t process = 0;
  std::uint32_t owner = 0;   // tid
  std::uint32_t waiter = 0;  // tid
  std::uint32_t kind = 0;    // 1 PyMutex, 2 critical section, 3 once flag
  std::uint64_t padding[5] = {};
};
static_assert(sizeof(LockRow) == 64);

// The rows in use, of `process` only; empty if there is no such file or it makes no sense.
std::vector<LockRow> read_lock_table(const fs::path& file, pid_t process);

}  // namespace ftaudit::dynamic
