// Lent threads: the calls of a function after which other threads run what it gave them, and the calls that wait for
// them. Used by LentLocals.
// Source: [thread.thread], [thread.jthread], [futures.async], [algorithms.parallel]; POSIX; oneTBB specification.
#pragma once

#include <optional>
#include <string>

#include "analysis/lent_paths.h"

namespace ftaudit::analysis {

// A call that has code run by another thread.
struct ThreadStart {
  Lent code;
  std::size_t arguments = 0;  // the operand that its first argument is
  std::string handle;         // what it is joined by, by name; "" where that is not known
  bool at_once = false;       // by several threads, and done when the call returns
};

class LentThreads {
 public:
  LentThreads(const Program& program, const LentPaths& paths, const Held& held);

  // Starts threads, or calls what does.
  bool starts(FunctionId id) const { return starting_[id]; }
  std::optional<ThreadStart> start(FunctionId in, const Bindings* known, EventId event) const;
  // The call hands code to a pool's queue, whose threads run it.
  bool is_queued(FunctionId callee) const { return queueing_[callee]; }
  // Threads that run it wait for each other on the way.
  bool meets_others(FunctionId code) const { return meeting_[code]; }
  // After the event the thread of that handle runs no more, as far as can be told.
  bool joins(FunctionId in, EventId event, EventId started, const std::string& handle) const;

 private:
  std::string handle_of(FunctionId in, EventId started) const;
  std::string name(FunctionId in, const model::Operand& operand, EventId at) const;
  bool waits(const model::Event& event) const;
  void find_queues();

  const Program& program_;
  const LentPaths& paths_;
  const Held& held_;
  Per<FunctionId, bool> starting_, waiting_, queueing_, meeting_;
};

}  // namespace ftaudit::analysis
