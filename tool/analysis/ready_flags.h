// ReadyFlags: what is written before a flag is set for others to see, and only while it is not: `if (!ready) { fill();
// ready = 1; }`, the flag an atomic that is stored with release order. Who finds it set sees what was written. A flag
// that is won by a compare-exchange (0: nobody has begun, 1: somebody is at it, 2: done) lets one thread do the
// writing. A plain flag does as well, if it is asked and set under one lock and never taken back: who has found it set
// there comes after those who found it unset. Source: [atomics.order]; C11 7.17.3; C11 5.1.2.4 for locks.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analysis/views.h"

namespace ftaudit::analysis {

class ReadyFlags {
 public:
  ReadyFlags(const Program& program, const Held& held);

  // The flags that the function sets after the event on every way, and has found not to be set before it; in its terms.
  std::vector<std::string> set_after(const Views& views, FunctionId id, EventId write) const;
  // The same of the only call that leads to the view's function, and of the only one that leads there; in terms of
  // views.
  std::vector<std::string> set_after(const Views& views, const View& view) const;

  // Flags that the thread has won by an exchange when it gets to the event, and has not stored to since: as long as
  // only the winner gives one back, no two threads are there. In the function's terms.
  std::vector<std::string> won(const Views& views, FunctionId id, EventId at) const;
  // The same of the calls that lead to the view's function, as above; in terms of views.
  std::vector<std::string> won(const Views& views, const View& view) const;

 private:
  const ClaimStep* wins(FunctionId id, EventId compare, bool outcome, EventId& exchange) const;
  bool left_to_winners(const Views& views, std::uint32_t flag) const;
  EventId unset_test(FunctionId id, EventId write, const std::string& flag, bool nearest) const;
  bool is_one_hold(FunctionId id, EventId from, EventId to) const;
  bool is_kept(const Views& views, const std::string& key) const;
  std::optional<bool> keeps(const Views& views, const View& view, EventId at, std::set<std::string>& locks) const;

  const Program& program_;
  const Held& held_;
  Per<FunctionId, std::vector<EventId>> stores_;  // that publish, in order
  Per<FunctionId, std::vector<EventId>> plain_;   // of plain flags
  mutable std::map<std::string, bool> kept_;      // by FieldWrites::key
  mutable std::map<std::uint32_t, bool> left_to_winners_;
};

}  // namespace ftaudit::analysis
