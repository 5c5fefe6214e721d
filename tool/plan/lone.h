// Lone numbers: state that an atomic makes safe by itself. A number that is only counted, or only set and looked at,
// and that nothing else has to agree with.
#pragma once

#include <set>

#include "analysis/audit.h"

namespace ftaudit::plan {

// Nobody who changes it decides by what it was, other than in one operator.
bool is_lone_number(const analysis::Audit& audit, const analysis::State& state);
// Functions that change the state.
std::set<analysis::FunctionId> writers_of(const analysis::State& state);

}  // namespace ftaudit::plan
