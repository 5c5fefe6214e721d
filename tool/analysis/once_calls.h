// Functions that are handed to call_once, pthread_once and their like, by those who name them or by a wrapper of the
// project's that hands on what it is given. Used by what knows contexts and views.
#pragma once

#include <optional>

#include "analysis/program.h"

namespace ftaudit::analysis {

// The call that runs once what the edge mentions: that of the edge itself, or the one in the function of the project
// that it calls, where that does nothing else with what it is given.
std::optional<Site> once_call(const Program& program, const Edge& mention);

}  // namespace ftaudit::analysis
