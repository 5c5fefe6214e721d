// Calls that Cython makes through tables of functions, as the direct calls that they mean: methods of `cdef` classes
// (the table is filled at import; a derived class may put another function into its own), functions of other modules
// of the project that it imports, and the memory of new instances. Used within cython, before names are retold.
#pragma once

#include "model/facts.h"

namespace ftaudit::cython {

void resolve_calls(model::Facts& facts);

}  // namespace ftaudit::cython
