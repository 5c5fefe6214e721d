#include "dynamic/watch/stacks.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "base/process.h"
#include "base/text.h"

namespace ftaudit::dynamic {
namespace {

// "#1  0x00007f.. in lock_a (m=0x5..) at /src/a.c:12", "#0  futex_wait () from /lib/libc.so.6"
std::optional<StackFrame> gdb_frame(std::string_view line, std::string& arguments) {
  line = trim(line);
  if (!line.starts_with("#")) return std::nullopt;
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  line = trim(line.substr(blank));
  StackFrame frame;
  if (line.starts_with("0x"))
    if (const std::size_t in = line.find(" in "); in != std::string_view::npos) {
      std::from_chars(line.data() + 2, line.data() + in, frame.address, 16);
      line = line.substr(in + 4);
    }
  const std::size_t open = line.find(" (");
  frame.function = line.substr(0, open);
  arguments.clear();
  if (open != std::string_view::npos) arguments = line.substr(open + 2);
  if (const std::size_t at = line.rfind(") at "); at != std::string_view::npos) {
    std::string_view where = line.substr(at + 5);
    if (const std::size_t colon = where.rfind(':'); colon != std::string_view::npos) {
      std::from_chars(where.data() + colon + 1, where.data() + where.size(), frame.line);
      where = where.substr(0, colon);
    }
    frame.file = where;
  } else if (const std::size_t from = line.rfind(") from "); from != std::string_view::npos) {
    frame.file = line.substr(from + 7);
  }
  return frame;
}

std::uint64_t argument(std::string_view arguments, std::string_view name) {
  for (const std::string& one : split(arguments, ',')) {
    std::string_view text = trim(one);
    if (!text.starts_with(std::string(name) + "=")) continue;
    const std::size_t hex = text.rfind("0x");
    if (hex == std::string_view::npos) return 0;
    std::uint64_t value = 0;
    std::from_chars(text.data() + hex + 2, text.data() + text.size(), value, 16);
    return value;
  }
  return 0;
}

// "7f01a000-7f01b000 r-xp 00001000 08:01 123  /x/spam.so": the file that each frame's address lies in.
void name_modules(Standstill& process) {
  struct Range {
    std::uint64_t from = 0, to = 0;
    std::string file;
  };
  std::vector<Range> ranges;
  std::ifstream maps("/proc/" + std::to_string(process.process) + "/maps");
  for (std::string line; std::getline(maps, line);) {
    Range range;
    const std::size_t dash = line.find('-'), blank = line.find(' '), path = line.find('/');
    if (dash == std::string::npos || blank < dash || path == std::string::npos) continue;
    std::from_chars(line.data(), line.data() + dash, range.from, 16);
    std::from_chars(line.data() + dash + 1, line.data() + blank, range.to, 16);
    range.file = line.substr(path);
    ranges.push_back(std::move(range));
  }
  for (ThreadState& thread : process.threads)
    for (StackFrame& frame : thread.native_stack)
      for (const Range& range : ranges)
        if (frame.address >= range.from && frame.address < range.to) frame.module = range.file;
}

bool is_mutex_lock(std::string_view function) {
  return function == "_PyMutex_LockTimed" || function == "PyMutex_Lock" || function == "_PyMutex_LockSlow";
}

}  // namespace

void read_gdb_stacks(std::string_view text, Standstill& process) {
  ThreadState* thread = nullptr;
  std::string arguments;
  for (const std::string& line : split(text, '\n')) {
    if (line.starts_with("Thread ")) {
      thread = nullptr;
      if (const std::size_t at = line.find("(LWP "); at != std::string::npos) {
        pid_t tid = 0;
        std::from_chars(line.data() + at + 5, line.data() + line.size(), tid);
        for (ThreadState& one : process.threads)
          if (one.tid == tid) thread = &one, thread->native_stack.clear();
      }
      continue;
    }
    if (thread == nullptr || thread->native_stack.size() >= 200) continue;
    auto frame = gdb_frame(line, arguments);
    if (!frame) continue;
    if (is_mutex_lock(frame->function) && !thread->waits_for) {
      const std::uint64_t address = argument(arguments, "m");
      thread->waits_for = AwaitedLock{AwaitedLock::Kind::py_mutex, address, 0};
    }
    thread->native_stack.push_back(std::move(*frame));
  }
}

void read_locks_from_stacks(Standstill& process) {
  for (ThreadState& thread : process.threads) {
    const auto in_stack = [&](std::string_view function) {
      return std::any_of(thread.native_stack.begin(), thread.native_stack.end(),
                         [&](const StackFrame& f) { return f.function == function; });
    };
    // It looks again every moment, so it is never parked for good, and may be seen between two sleeps.
    if (thread.waits_for || !(in_stack("stop_the_world") || in_stack("_PyEval_StopTheWorld"))) continue;
    AwaitedLock lock{AwaitedLock::Kind::stop_the_world, 0, 0};
    // It waits for every thread that is attached to the interpreter. One that sleeps in a pthread mutex below a call
    // from Python, without having let go, is what it waits for; a PyMutex lets go by itself.
    for (const ThreadState& other : process.threads)
      if (other.tid != thread.tid && other.waits_for && other.waits_for->kind == AwaitedLock::Kind::pthread_mutex)
        lock.owner = other.tid;
    thread.waits_for = lock;
  }
}

bool add_native_stacks(Standstill& process) {
  const fs::path gdb = find_program("gdb");
  if (gdb.empty()) return false;
  Command command{.argv = {gdb.string(), "-nx", "-batch", "-iex", "set auto-load no", "-iex",
                           "set debuginfod enabled off", "-iex", "set print frame-arguments scalars", "-p",
                           std::to_string(process.process), "-ex", "thread apply all backtrace 60"},
                  .environment = {"DEBUGINFOD_URLS="},
                  .timeout = std::chrono::seconds(60),
                  .output_limit = 4u << 20};
  const Result<Outcome> outcome = run(command);
  if (!outcome.ok() || outcome->out.find("(LWP ") == std::string::npos) return false;
  read_gdb_stacks(outcome->out, process);
  name_modules(process);
  read_locks_from_stacks(process);
  return true;
}

}  // namespace ftaudit::dynamic
