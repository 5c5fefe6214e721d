// The command line as values. CLI11 lives in options.cpp alone; commands take these structs.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/headers_command.h"
#include "cli/python_command.h"
#include "cli/report_options.h"
#include "finding/finding.h"

namespace ftaudit::cli {

enum class When : std::uint8_t { automatic, always, never };

// What every command that parses code takes.
struct ParseOptions {
  std::vector<std::string> paths;
  std::vector<std::string> flags;    // after --
  std::string python;                // --python
  std::string compile_commands;
  std::vector<std::string> exclude;
  bool include_tests = false;
  unsigned jobs = 0;                 // 0: one a core
  std::chrono::seconds timeout{120};
};

struct ScanOptions {
  ParseOptions parse;
  std::string format = "terminal";
  std::string output;                // a file; empty: stdout
  std::vector<std::string> reports;  // FORMAT:FILE
  std::vector<std::string> select, ignore;
  Severity min_severity = Severity::low;
  Confidence min_confidence = Confidence::likely;
  std::optional<Severity> fail_on = Severity::low;
  bool capture = false;
  std::vector<std::string> build;    // --build-command
};

struct FactsOptions {
  ParseOptions parse;
};
struct RulesOptions {
  std::string format = "terminal";
};
struct ExplainOptions {
  std::string rule;
};
struct PythonListOptions {};
struct HeadersInstallOptions {
  std::vector<std::string> packages;
};
struct HeadersListOptions {};
struct DoctorOptions {};

using Command = std::variant<ScanOptions, FactsOptions, RulesOptions, ExplainOptions, PythonInstallOptions, PythonListOptions, HeadersInstallOptions, HeadersListOptions, DoctorOptions, ReportOptions>;

struct CommandLine {
  Command command;
  When colour = When::automatic;
  int verbosity = 0;  // -q: -1, -v: 1, -vv: 2
};

// Parses, or prints help or a usage error and gives the exit code (0 or 2). For scan and facts the settings of the project
// that the first path lies in, and FTAUDIT_* variables, are the defaults.
std::variant<CommandLine, int> parse_command_line(int argc, const char* const* argv);

}  // namespace ftaudit::cli
