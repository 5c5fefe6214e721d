// Lone numbers: state that an atomic makes safe by itself. A number that is only counted, or only set and looked at,
// and that nothing else has to agree with.
#pragma once

#include <set>

#include "plan/remedy.h"

namespace ftaudit::plan {

// Nobody who changes it decides by what it was, other than in one operator.
bool is_lone_number(const analysis::Audit& audit, const analysis::State& state);
// What tp_hash has worked out once, and nobody unsets: whoever works it out again stores the same, even where several
// do so at once.
bool is_kept_hash(const analysis::Audit& audit, const analysis::State& state);
// The remedy makes the field atomic, and says so at its declaration.
void make_atomic(const analysis::Audit& audit, const std::string& record, const std::string& field, Remedy& remedy);
// Functions that change the state.
std::set<analysis::FunctionId> writers_of(const analysis::State& state);

}  // namespace ftaudit::plan
