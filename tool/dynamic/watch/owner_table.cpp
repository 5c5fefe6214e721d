#include "dynamic/watch/owner_table.h"

#include <cstring>

#include "dynamic/runtime/layout.h"

namespace ftaudit::dynamic {

fs::path owner_table_of(const fs::path& folder, pid_t process) {
  return folder / (std::to_string(process) + ".owners");
}

Result<std::vector<LockState>> read_owner_table(const fs::path& path) {
  const Result<std::string> bytes = read_file(path, std::uintmax_t{16} << 20);
  if (!bytes) return bytes.error();
  if (bytes->size() != sizeof(ftaudit_owners))
    return Error{path.string() + " is no table of lock owners: its size is wrong"};
  ftaudit_owners table;
  std::memcpy(&table, bytes->data(), sizeof table);
  if (table.magic != FTAUDIT_OWNERS_MAGIC)
    return Error{path.string() + " is no table of lock owners: it begins otherwise"};
  std::vector<LockState> locks;
  for (const ftaudit_lock& lock : table.locks) {
    LockState state{.address = lock.address, .owner = lock.owner};
    state.kind = lock.kind == FTAUDIT_CRITICAL_SECTION ? LockState::Kind::critical_section : LockState::Kind::mutex;
    for (const std::uint32_t waiter : lock.waiters)
      if (waiter != 0) state.waiters.push_back(waiter);
    if (lock.address != 0 && (state.owner != 0 || !state.waiters.empty())) locks.push_back(std::move(state));
  }
  return locks;
}

}  // namespace ftaudit::dynamic
