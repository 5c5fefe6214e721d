// Growth: a step that takes in what else there is for it to do: what a later round left of it, and what belongs to the
// same object, whose section is one lock however many structs the object leads to.
#pragma once

#include <string>

#include "plan/remedy.h"

namespace ftaudit::plan {

// The critical section of the same object.
bool is_same_section(const Remedy& a, const Remedy& b);
// The type of all objects that the edits are about; "" for several, or for one that could be any.
std::string only_owner(const analysis::Audit& audit, const Remedy& remedy);
// What a step is called that holds the section of `owner` for all that belongs to it.
std::string section_of_all(const std::string& owner);

// False where `more` has no edit that the step does not make. A part that the step holds all through a function is no
// edit of its own any more.
bool grow(const analysis::Audit& audit, Remedy& step, Remedy more);

}  // namespace ftaudit::plan
