// OwnerTable: who holds and who waits for the PyMutexes and critical sections of a live process, read from the file its
// extension keeps mapped. The watchdog asks it to tell a deadlock from slow work. Layout: runtime/layout.h.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::dynamic {

struct LockState {
  enum class Kind : std::uint8_t { mutex, critical_section };
  std::uint64_t address = 0;  // of the PyMutex; of a critical section, that of the object's ob_mutex
  Kind kind = Kind::mutex;
  std::uint32_t owner = 0;             // Linux thread id; 0: free. The owner of a critical section may be suspended
  std::vector<std::uint32_t> waiters;  // thread ids about to take it, or blocked
};

// Where a process keeps its table below the folder it was given.
fs::path owner_table_of(const fs::path& folder, pid_t process);

// Locks that are held or waited for now. May be called while the process runs; then it is a glance, not a snapshot.
Result<std::vector<LockState>> read_owner_table(const fs::path& path);

}  // namespace ftaudit::dynamic
