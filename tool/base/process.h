// Running other programs: one call, its own process group, limits, and everything it said.
// Never through a shell. Used by project (reading setup.py as syntax), dynamic and packages.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "base/sandbox.h"

namespace ftaudit {

struct Command {
  std::vector<std::string> argv;         // argv[0] is looked up on PATH unless it has a '/'
  fs::path folder;                       // working folder; empty: the current one
  std::vector<std::string> environment;  // "NAME=value" added to the inherited environment
  std::string input;                     // standard input; empty: /dev/null
  std::chrono::milliseconds timeout{0};  // 0: none. On expiry the whole process group is killed
  std::chrono::milliseconds silence{0};  // 0: none. The same when nothing was said for so long
  std::uint64_t memory_bytes = 0;        // address-space limit of each process; 0: none
  // All that the program and what it starts may open; null: whatever we may.
  const sandbox::Ground* ground = nullptr;
  sandbox::Calls calls = sandbox::Calls::all;
  std::uint64_t output_limit = 64u << 20;  // bytes kept of stdout and of stderr; the rest is dropped
  // Called with each complete line of stdout and stderr as it arrives (for progress); may be empty.
  std::function<void(std::string_view line)> on_line;
};

struct Outcome {
  int exit_code = -1;  // when signal == 0
  int signal = 0;      // the signal that ended it, or 0
  bool timed_out = false;
  std::string out, err;

  bool succeeded() const { return signal == 0 && exit_code == 0 && !timed_out; }
  // "exit code 2", "killed by signal 11 (Segmentation fault)", "timed out".
  std::string describe() const;
};

// Fails only when the program could not be started; how it ended is in the Outcome.
Result<Outcome> run(const Command& command);

// The program's full path as a shell's PATH search would find it; empty when there is none. Folders of PATH that are
// not absolute are passed over: "" means the current one, and with it whatever a project there brings along. Programs
// that are started get a PATH without them.
fs::path find_program(std::string_view name);

}  // namespace ftaudit
