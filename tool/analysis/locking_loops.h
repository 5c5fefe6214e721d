// Locking loops: `for (auto& lock : locks) lock.lock();`. Each round takes one lock of an array, and none is given back
// in there: who leaves such a loop has all of them, however many there are. Used by Held.
#pragma once

#include <set>
#include <vector>

#include "analysis/lock_terms.h"

namespace ftaudit::analysis {

struct LockingLoop {
  std::uint32_t head = 0;
  std::set<std::uint32_t> blocks;
  std::vector<EventId> taken;
};
std::vector<LockingLoop> locking_loops(const LockTerms& terms, const Program& program, FunctionId id);

// The way from one block to another leaves a locking loop by its head without having been in it.
bool leaves_out_locks(const std::vector<LockingLoop>& loops, std::uint32_t from, std::uint32_t to, const World& world);

}  // namespace ftaudit::analysis
