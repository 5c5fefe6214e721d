// What commands that audit a project take, as values: its settings are the defaults of these.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adoption/request.h"
#include "audit/sources.h"
#include "finding/finding.h"

namespace ftaudit::cli {

using audit::LockWrapper;

// What every command that parses code takes.
struct ParseOptions : audit::Sources {
  bool isolated = false;              // no settings of the project
  std::vector<std::string> warnings;  // what of the settings was not taken, and why
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

}  // namespace ftaudit::cli
