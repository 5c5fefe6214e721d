// Joining the facts of translation units into those of the whole extension: one number space for files and globals,
// each function once. Used after parsing and by `ftaudit merge`.
#pragma once

#include <vector>

#include "model/facts.h"

namespace ftaudit::model {

// The order of `units` decides the order of everything in the result, so the same units give the same Facts.
// A function or variable that several units see (a header's) is kept once. Two different bodies under one internal
// name (a header included under different macros) are both kept, the later one under a key of its own; so are two
// definitions in different places under one external name: they are linked into different modules.
Facts join(std::vector<Facts> units);

}  // namespace ftaudit::model
