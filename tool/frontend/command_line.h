// The command line with which Clang reads a unit: the project's flags, what the free-threaded build defines, the
// headers.
#pragma once

#include <string>
#include <vector>

#include "frontend/frontend.h"

namespace ftaudit::frontend {

std::vector<std::string> command_line(const project::Unit& unit, const Settings& settings);

}  // namespace ftaudit::frontend
