// Watching one program that may do anything: crash, hang, print without end, eat memory, leave daemons behind, ignore
// SIGTERM. One call runs it to its end under limits and says how it ended; nothing it started outlives the call. When
// it stands still, its threads are looked at first: who waits for which lock, and who has it. Not for programs that are
// trusted to end and whose output is wanted whole: that is base/process.h. Used by everything in confirm that runs
// code.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "dynamic/watch/threads.h"

namespace ftaudit::dynamic {

struct ChildRequest {
  std::vector<std::string> argv;         // argv[0] is looked up on PATH unless it has a '/'
  fs::path folder;                       // working folder; empty: the current one
  std::vector<std::string> environment;  // "NAME=value" added to the inherited environment; "NAME" alone takes it out
  std::chrono::milliseconds timeout{0};  // 0: none
  std::chrono::milliseconds silence{
      0};  // neither output nor progress for so long: it hangs; 0: only the timeout counts
  std::uint64_t memory_bytes =
      0;  // resident memory of all its processes together, looked at four times a second; 0: none
  std::uint64_t output_bytes = 8u << 20;  // kept of stdout and of stderr each; what is beyond is read and dropped
  fs::path log_folder;                    // where stdout.txt and stderr.txt go; must exist; empty: no files
  bool fixed_addresses = false;           // no address space randomisation, which ThreadSanitizer's layout may need
  fs::path progress_file;  // whose content moves while work is done; its first line is the step; may be empty
  fs::path owner_tables;   // the folder in which each process keeps a table of its locks (owner_table.h); may be empty
  bool debugger = true;    // ask gdb for the stacks of a program that stands still, where it is installed
  const std::atomic<bool>* stop = nullptr;  // becomes true: end it, as interrupted
};

struct Ending {
  enum class Kind : std::uint8_t {
    exited,     // by itself; see exit_code
    crashed,    // by a signal that it did not get from us
    deadlock,   // its threads wait for each other, or all of them for what nobody will give
    livelock,   // it burns processor time, and says nothing
    timed_out,  // it was slow, or waited for something outside
    out_of_memory,
    could_not_start,  // see err_tail
    interrupted,
  };
  Kind kind = Kind::exited;
  int exit_code = 0;  // of exited
  int signal = 0;     // of crashed
  std::chrono::milliseconds lasted{0};
  std::chrono::milliseconds silent{0};  // how long nothing had been heard of it, where that ended it
  std::string out_tail, err_tail;       // the last 64 KiB of each
  std::string step;                     // the first line of the progress file
  std::vector<Standstill>
      standstills;                // of deadlock, livelock and timed_out: the processes as they stood, the guilty first
  std::uint64_t peak_memory = 0;  // bytes, of all processes together, as far as looked at
  std::uint64_t dropped_output = 0;  // bytes
  std::uint32_t left_behind = 0;     // processes that were still there when the first one had ended, and were killed

  bool succeeded() const { return kind == Kind::exited && exit_code == 0; }
  // "exit code 2", "killed by signal 11 (Segmentation fault)", "deadlock of 2 threads after 4.1 s".
  std::string describe() const;
};
std::string_view name_of(Ending::Kind kind);  // "out-of-memory"

// Of this machine, in bytes: a program that eats it all must not take the machine along.
std::uint64_t half_the_memory();

// Runs it to its end. Fails only when the machine cannot do it (no process, no pipe); a program that is not there is an
// Ending. Safe to call from several threads at once.
Result<Ending> watch(const ChildRequest& request);

}  // namespace ftaudit::dynamic
