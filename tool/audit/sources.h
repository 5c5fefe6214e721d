// What an audit is asked for: which sources and how they are read, and on what terms findings count. Plain values,
// filled in from the command line and the settings, or by hand where a package or a test is audited.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "finding/finding.h"

namespace ftaudit::audit {

// Functions of the project that take and give back a lock in a way its sources do not show.
struct LockWrapper {
  std::string lock, unlock;
  int argument = 0;       // which parameter is the lock
  bool detaches = false;  // waiting for it lets go of the thread state
  bool tries = false;     // `lock` says whether it took it: not zero, or true
};

struct Sources {
  std::vector<std::string> paths;
  std::vector<std::string> flags;          // of the compiler, for every file
  std::vector<std::string> project_flags;  // the same, of the project's own settings
  std::string python;                      // whose headers: a name, a version or a path; "": the most preferred
  std::string compile_commands;
  std::vector<std::string> exclude;
  bool include_tests = false;
  bool capture = false;            // run the project's own build to learn its flags
  std::vector<std::string> build;  // what that runs, as one line for a shell; empty: the usual
  unsigned jobs = 0;               // 0: one a core
  bool no_cache = false;           // parse everything, keep nothing
  std::chrono::seconds timeout{120};
  std::vector<LockWrapper> lock_wrappers;
};

struct Terms {
  std::vector<std::string> select, ignore;  // ids, names, categories, starts of ids
  Severity min_severity = Severity::low;
  Confidence min_confidence = Confidence::likely;
  std::vector<std::pair<std::string, Severity>> severities;  // by selector of rules
  std::vector<std::pair<std::string, std::string>> types;  // contracts by type, by the names that contract_name() gives
};

}  // namespace ftaudit::audit
