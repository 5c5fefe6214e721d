// Same tables: arrays of numbers that whoever gets there fills with the same values, each entry once. A reader who
// comes while others fill them anew has what he would have anyhow. Used by Conflicts alone.
#pragma once

#include "analysis/shared.h"

namespace ftaudit::analysis {

// One statement stores to its entries, and what it stores goes by the entry's indices, constants and other such tables
// alone. An entry that is stored and then changed in place has two values, and is no such thing.
bool is_filled_alike(const Program& program, const State& state);

}  // namespace ftaudit::analysis
