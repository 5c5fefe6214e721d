// ReadyFlags: what is written before a flag is set for others to see, and only while it is not: `if (!ready) { fill();
// ready = 1; }`, the flag an atomic that is stored with release order. Who finds it set sees what was written.
// Source: [atomics.order]; C11 7.17.3.
#pragma once

#include <string>
#include <vector>

#include "analysis/views.h"

namespace ftaudit::analysis {

class ReadyFlags {
 public:
  ReadyFlags(const Program& program, const Held& held);

  // The flags that the function sets after the event on every way, and has found not to be set before it; in its terms.
  std::vector<std::string> set_after(FunctionId id, EventId write) const;
  // The same of the only call that leads to the view's function, and of the only one that leads there; in terms of
  // views.
  std::vector<std::string> set_after(const Views& views, const View& view) const;

 private:
  const Program& program_;
  const Held& held_;
  Per<FunctionId, std::vector<EventId>> stores_;  // that publish, in order
};

}  // namespace ftaudit::analysis
