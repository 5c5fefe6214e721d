// The command line, read: which command, with which options.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cli/command.h"

namespace ftaudit::cli {

enum class When : std::uint8_t { automatic, always, never };

struct CommandLine {
  Chosen command;
  When colour = When::automatic;
  int verbosity = 0;                  // -q: -1, -v: 1, -vv: 2
  std::vector<std::string> warnings;  // to be told before the command runs
};

// Reads it, or prints help or a usage error and gives the exit code (0 or 2). For commands that read code the settings
// of the project that the first path lies in, and FTAUDIT_* variables, are the defaults.
std::variant<CommandLine, int> parse_command_line(int argc, const char* const* argv);

}  // namespace ftaudit::cli
