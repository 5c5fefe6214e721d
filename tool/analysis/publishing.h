// Publishing: where an object that was just made comes to be found by others (put into what is shared, or given to the
// garbage collector) before all its fields are set. Source: C API reference, supporting cyclic garbage collection;
// HOWTO free-threading-extensions.
#pragma once

#include <optional>
#include <string>

#include "analysis/audit.h"

namespace ftaudit::analysis {

// The event makes an object whose fields are then to be set.
bool makes_object(const model::Function& function, const model::Event& event);

struct Unfinished {
  EventId seen = none;  // from here on others can find it
  EventId made = none, set = none;
  std::string field;     // that is set only then
  bool tracked = false;  // it is the collector that finds it
};
// Of the object that `made` makes; nothing where all is set before others can find it.
std::optional<Unfinished> seen_unfinished(const Audit& audit, FunctionId id, EventId made);

}  // namespace ftaudit::analysis
