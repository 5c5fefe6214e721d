// Pointers: which functions of the project a call through a pointer may reach: what is stored in that field of that
// struct, passed as that parameter, kept in that variable, wherever in the program. Flow-insensitive; what leaves for
// other libraries, or goes through void *, is out of sight. Used by Program alone.
#pragma once

#include <vector>

#include "analysis/program.h"

namespace ftaudit::analysis {

// An edge for each call through a pointer and each function it may reach, in the order of functions and events.
std::vector<Edge> calls_through_pointers(const Program& program);

}  // namespace ftaudit::analysis
