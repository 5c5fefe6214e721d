// Tested: what a compare event asks about, where that is a value that was kept in a local first, or one that an atomic
// function gave. Used by those who read flags.
#pragma once

#include <optional>

#include "analysis/values.h"

namespace ftaudit::analysis {

// The first thing compared, looked at through a local that is given a value once; nothing where the local has several.
std::optional<model::Operand> tested(const model::Function& function, const Values& values, EventId compare);

// The read whose value a call gives: a builtin is the read itself, behind the call of an atomic function it stands as
// an event of its own. May be past the last event.
EventId read_by(const model::Function& function, EventId call);

}  // namespace ftaudit::analysis
