// The options of every command, as values. Commands take these structs, whoever fills them in.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adoption/request.h"
#include "audit/sources.h"
#include "cli/headers_command.h"
#include "cli/python_command.h"
#include "finding/finding.h"

namespace ftaudit::cli {

using audit::LockWrapper;

// What every command that parses code takes.
struct ParseOptions : audit::Sources {
  // The settings file that was read, and where each value came from that is not the default: "ftaudit.toml:3",
  // "FTAUDIT_PYTHON", "command line"; by setting.
  std::string configuration;
  std::map<std::string, std::string> origins;
};

struct ScanOptions : audit::Terms {
  ParseOptions parse;
  std::string format = "terminal";
  std::string output;                // a file; empty: stdout
  std::vector<std::string> reports;  // FORMAT:FILE
  std::optional<Severity> fail_on = Severity::low;
  std::string baseline;                   // a file; empty: none
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

struct ReportOptions : adoption::Request {
  std::string format = "terminal", output;
  std::vector<std::string> reports;  // FORMAT:FILE
  FailOn fail_on = FailOn::gil;
  std::string diff;  // an older report, JSON
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
struct DoctorOptions {};
struct PrintOptions {
  std::string text;  // all that is to be done
};

}  // namespace ftaudit::cli
