// The command line, read: which command, with which options. CLI11 lives behind this.
#pragma once

#include <cstdint>
#include <variant>

#include "cli/options.h"

namespace ftaudit::cli {

enum class When : std::uint8_t { automatic, always, never };

using Command =
    std::variant<ScanOptions, ConfirmOptions, GateOptions, BaselineOptions, MergeOptions, ReportOptions,
                 CacheInfoOptions, CacheClearOptions, FactsOptions, RulesOptions, ExplainOptions, PythonInstallOptions,
                 PythonListOptions, HeadersInstallOptions, HeadersListOptions, DoctorOptions, PrintOptions>;

struct CommandLine {
  Command command;
  When colour = When::automatic;
  int verbosity = 0;  // -q: -1, -v: 1, -vv: 2
};

// Parses, or prints help or a usage error and gives the exit code (0 or 2). For scan and facts the settings of the
// project that the first path lies in, and FTAUDIT_* variables, are the defaults.
std::variant<CommandLine, int> parse_command_line(int argc, const char* const* argv);

}  // namespace ftaudit::cli
