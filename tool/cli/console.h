// The terminal that a command talks to: what it can show, and how much the user wants to hear.
#pragma once

#include <cstddef>

namespace ftaudit::cli {

struct Console {
  bool colour = false;  // on stdout
  std::size_t width = 100;
  int verbosity = 0;
  bool progress = false;  // stderr is a terminal
};

}  // namespace ftaudit::cli
