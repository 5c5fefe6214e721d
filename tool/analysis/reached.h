// Reached: a function without the ways that it never goes. A condition whose outcome is known, because both its sides
// are numbers or because the same local was asked the same before and has not changed since, decides; what only the
// other branch leads to is taken out of the facts, so that no analysis tells what happens there.
#pragma once

#include <optional>
#include <vector>

#include "analysis/program.h"

namespace ftaudit::analysis {

// The bare local that an operand is the value of, or none.
std::uint32_t local_of(const model::Function& function, const model::Operand& operand);

// Per block: control can get there from `start`, which counts too.
std::vector<bool> reached_from(const model::Function& function, std::uint32_t start);

// What the compare comes to where both its sides are numbers.
std::optional<bool> outcome(const model::Event& compare);

// `decided`: per block what its condition comes to, where that is known. Takes out what is not reached then.
void keep_reached(model::Function& function, const std::vector<std::optional<bool>>& decided);

// All functions, by what is known of locals that nothing but the function itself gives a value.
void keep_reached(model::Facts& facts);

}  // namespace ftaudit::analysis
