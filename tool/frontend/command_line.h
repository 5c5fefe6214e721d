// The command line with which Clang reads a unit: the project's flags, what the free-threaded build defines, the
// headers. A flag for another processor or another compiler must not cost the file, so there are steps with fewer.
#pragma once

#include <string>
#include <vector>

#include "frontend/frontend.h"

namespace ftaudit::frontend {

enum class Step : std::uint8_t {
  whole,
  any_processor,  // without -m...
  any_compiler,   // language, standard, folders and macros
  bare,           // folders and macros
};

// The project's flags that `step` takes; those it does not are added to `left_out`.
std::vector<std::string> flags_of(const project::Unit& unit, Step step, std::vector<std::string>* left_out = nullptr);

std::vector<std::string> command_line(const project::Unit& unit, const Settings& settings, Step step = Step::whole);

}  // namespace ftaudit::frontend
