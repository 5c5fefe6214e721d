// Loops of a function, by its flow.
#pragma once

#include <set>

#include "analysis/program.h"

namespace ftaudit::analysis {

// The blocks of the loop that begins at `head`, whichever of them go back to it; empty when none does.
std::set<std::uint32_t> loop_of(const Flow& flow, std::uint32_t head);

}  // namespace ftaudit::analysis
