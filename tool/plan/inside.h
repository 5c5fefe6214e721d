// Inside: what a function reads of a container from the inside, put together by container: the macros, walks and sizes
// that go by one another and by no lock, and the uses of what they lend. What wants one section around all of it, or a
// copy that nobody changes.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "analysis/audit.h"
#include "plan/edit.h"

namespace ftaudit::plan {

struct InsideUse {
  FunctionId function = none;
  std::string name;          // of the container, as the text has it
  model::Operand container;  // as the first read has it
  model::Place place;        // of it; for a PySequence_Fast, of what that was given
  EventId made = none;       // what gives the place its value; none: it has it all through the function
  EventId fast = none;       // the PySequence_Fast that it came from
  std::set<EventId> reads;   // bare ones: what has to be mended
  std::set<EventId> sizes;   // how many there are, as others of them go by
  std::set<EventId> lent;    // uses of what they lend
  bool walk = false;         // PyDict_Next and its like
  bool in_loop = false;
};

// `besides`: calls that take the lock themselves, and are to be seen as reads all the same.
std::vector<InsideUse> inside_uses(const analysis::Audit& audit,
                                   const std::function<bool(const analysis::Site&)>& besides);

}  // namespace ftaudit::plan
