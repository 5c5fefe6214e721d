// What a function of the C says of itself: its name as reports of errors have it, and whether it is Cython's own though
// a line of the source is named above it. Used within cython.
#pragma once

#include <string>

#include "cython/c_names.h"
#include "model/facts.h"

namespace ftaudit::cython {

// The full name, "m.C.grow", that Cython writes down where it reports an error; by the C's name where it reports none.
std::string traceback_of(const model::Function& function, const CName& name);
bool is_pickling(const model::Function& function);
// The body that Cython writes for a fused function chooses among the user's by the types of the arguments.
bool picks_specialisation(const model::Function& function);
// What Cython keeps for itself in the middle of the author's code: static variables, which Cython has no word for, and
// the place of the last error, for the traceback. Which versions are safe there is said of the module (FT012).
bool is_own(const model::Global& global);

}  // namespace ftaudit::cython
