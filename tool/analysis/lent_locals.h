// Lent locals: variables of a function that threads which it starts are given by reference, and that two of them, or a
// thread and the function itself, are at together with no lock in common. Which threads run at a point is followed
// along the paths of the function, from where they are started to where they are joined. Knows nothing of Python: these
// threads are the project's own, whoever else may call the function.
// Source: [intro.races], [thread.thread.member] (join), [futures.async], [thread.jthread.cons].
#pragma once

#include <string>
#include <vector>

#include "analysis/lent_paths.h"

namespace ftaudit::analysis {

struct LentLocal {
  FunctionId owner = none;
  std::uint32_t variable = none;  // of the owner
  LentAccess change, other;       // the same where several threads make it
  EventId started = none;         // in the owner: where the thread is started that makes one of them
  bool by_owner = false;          // one side is the function itself, while the thread runs
  bool owner_changes = false;     // ... and that changes it
  std::vector<LentAccess> sides;  // all that take part
};

std::vector<LentLocal> lent_locals(const Program& program, const Held& held);

}  // namespace ftaudit::analysis
