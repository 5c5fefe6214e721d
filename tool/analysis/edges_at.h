// The edges of one call among those of its function, which stand in the order of its events.
#pragma once

#include <algorithm>
#include <span>

#include "analysis/program.h"

namespace ftaudit::analysis {

// Valid as long as the program is.
inline std::span<const Edge> edges_at(const Program& program, FunctionId function, EventId call) {
  const auto found = std::ranges::equal_range(program.calls_from(function), call, {}, &Edge::event);
  return {found.begin(), found.end()};
}

}  // namespace ftaudit::analysis
