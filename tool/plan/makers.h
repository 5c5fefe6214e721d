// Makers: where a struct comes into being in memory that holds what was there before, so that a mutex in it has to be
// made.
#pragma once

#include <string>
#include <vector>

#include "analysis/program.h"

namespace ftaudit::plan {

using analysis::EventId;
using analysis::FunctionId;

// The writes that keep the pointer to a new struct of this name.
std::vector<EventId> stores_unmade(const model::Function& function, const std::string& record);
// A function that gives its caller such a one without keeping it.
bool returns_unmade(const model::Function& function, const std::string& record);

}  // namespace ftaudit::plan
