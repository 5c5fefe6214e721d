// The command line as values. CLI11 lives in options.cpp alone; commands take these structs.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/doctor_command.h"
#include "cli/headers_command.h"
#include "cli/python_command.h"
#include "cli/report_options.h"
#include "finding/finding.h"

namespace ftaudit::cli {

enum class When : std::uint8_t { automatic, always, never };

// Functions of the project that take and give back a lock in a way its sources do not show.
struct LockWrapper {
  std::string lock, unlock;
  int argument = 0;       // which parameter is the lock
  bool detaches = false;  // waiting for it lets go of the thread state
  bool tries = false;     // `lock` says whether it took it: not zero, or true
};

// What every command that parses code takes.
struct ParseOptions {
  std::vector<std::string> paths;
  std::vector<std::string> flags;  // after --
  std::string python;              // --python
  std::string compile_commands;
  std::vector<std::string> exclude;
  bool include_tests = false;
  unsigned jobs = 0;      // 0: one a core
  bool no_cache = false;  // --no-cache: parse everything, keep nothing
  std::chrono::seconds timeout{120};
  std::vector<LockWrapper> lock_wrappers;

  // The settings file that was read, and where each value came from that is not the default: "ftaudit.toml:3",
  // "FTAUDIT_PYTHON", "command line"; by setting.
  std::string configuration;
  std::map<std::string, std::string> origins;
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
  std::vector<std::string> build;                            // --build-command
  std::vector<std::pair<std::string, Severity>> severities;  // by selector of rules
  std::string baseline;                                      // a file; empty: none
  unsigned shard = 1, shards = 0;         // --shard I/N; 0: not given. Paths are then those of this shard
  std::vector<std::string> test_command;  // what confirm runs; here for its settings
  bool show_config = false;
  bool fix = false, diff = false;
  std::string fix_compat = "guard";  // --fix-compat
};

// Builds and runs what a scan only reads. The scan's own options that make no sense here are not offered.
struct ConfirmOptions {
  ScanOptions scan;
  std::string tsan_python;  // --tsan-python
  bool light = false;
  bool no_build = false;
  std::vector<std::string> workloads;  // empty: all
  std::vector<std::string> with;       // requirements
  std::string test_command;
  std::vector<std::string> suppressions;  // files
  std::chrono::seconds budget{600};
  std::chrono::seconds hang{60};  // --hang-after
  std::uint64_t seed = 1;
  unsigned threads = 4;
  std::string keep;  // a folder
  std::string reproducers = "ftaudit-reproducers";
};

struct GateOptions {
  ScanOptions audit;
  std::string against;  // a revision; empty: the merge base with the default branch
  std::string head;     // a revision; empty: the work tree
};

struct BaselineOptions {
  enum class Action : std::uint8_t { write, check, prune };
  ScanOptions audit;
  Action action = Action::check;
};

struct MergeOptions {
  ScanOptions audit;  // its reports, severities to fail on and baseline
  std::vector<std::string> files;
};

struct CacheInfoOptions {};
struct CacheClearOptions {};

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
struct LspOptions {
  std::string python;  // --python
};
struct PrintOptions {
  std::string text;  // all that is to be done
};

using Command =
    std::variant<ScanOptions, ConfirmOptions, GateOptions, BaselineOptions, MergeOptions, ReportOptions,
                 CacheInfoOptions, CacheClearOptions, FactsOptions, RulesOptions, ExplainOptions, PythonInstallOptions,
                 PythonListOptions, HeadersInstallOptions, HeadersListOptions, DoctorOptions, LspOptions, PrintOptions>;

struct CommandLine {
  Command command;
  When colour = When::automatic;
  int verbosity = 0;  // -q: -1, -v: 1, -vv: 2
};

// Parses, or prints help or a usage error and gives the exit code (0 or 2). For scan and facts the settings of the
// project that the first path lies in, and FTAUDIT_* variables, are the defaults.
std::variant<CommandLine, int> parse_command_line(int argc, const char* const* argv);

}  // namespace ftaudit::cli
