// Generators and coroutines as their authors know them: going on with one is a way into the extension, by the name of
// the function that makes it. The types that Cython gives them, and functions, are no types of the extension. Used
// within cython, when functions are retold.
#pragma once

#include <map>
#include <string>

#include "model/facts.h"

namespace ftaudit::cython {

// `bodies`: function key of each generator's body -> "pkg.m.Bin.history".
void enter_generators(model::Facts& facts, const std::map<std::string, std::string>& bodies);

}  // namespace ftaudit::cython
