// The threads of a process as the kernel shows them, the locks they wait for, and what follows from it: a circle of
// waiting is a deadlock, a thread that burns time is not. Reads /proc and needs no debugger; where there is one it adds
// stacks. Linux on x86-64 and AArch64. Used by the watch over children; tests hand it made-up threads.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ftaudit::dynamic {

// A lock a thread waits for.
struct AwaitedLock {
  enum class Kind : std::uint8_t { pthread_mutex, py_mutex, critical_section, stop_the_world, other };
  Kind kind = Kind::other;
  std::uint64_t address = 0;
  pid_t owner = 0;  // the thread that has it; 0: not known
};
std::string_view name_of(AwaitedLock::Kind kind);  // "PyMutex"

struct StackFrame {
  std::string function;  // "??" where it is not known
  std::string file;      // "" where it is not known
  std::uint32_t line = 0;
  std::uint64_t address = 0;  // of a native frame, where it was told
  std::string module;         // the file that is mapped there
};

struct ThreadState {
  pid_t tid = 0;
  std::string name;         // as the kernel has it
  char state = '?';         // of /proc: R, S, D, ...
  std::uint64_t ticks = 0;  // processor time so far, in clock ticks
  bool burns = false;       // used some between two looks
  long syscall = -1;        // the system call it is in; -1: none or not known
  std::uint64_t futex = 0;  // the address it waits on, where the call is futex
  bool timed = false;       // and it waits for so long only
  std::optional<AwaitedLock> waits_for;
  std::vector<StackFrame> native_stack;  // innermost first; empty without a debugger
  std::vector<StackFrame> python_stack;  // innermost first; empty where the process could not tell

  bool parked() const { return futex != 0 && state == 'S' && !timed; }
};

// One process that stands still or runs hot.
struct Standstill {
  pid_t process = 0;
  std::string command;  // its arguments, joined by blanks
  std::vector<ThreadState> threads;
  std::vector<pid_t> circle;  // the threads of a proven circle of waiting, in its order; empty: none was proven
  bool all_parked = false;    // every thread sleeps in a lock, and no processor time went by
  bool burns = false;         // some thread used processor time between two looks

  // "thread 12 (reader) waits for PyMutex 0x7f.. held by thread 13 (writer), which waits for ..."
  std::string describe() const;
};

// One row of the kernel's table of processes.
struct Process {
  pid_t pid = 0, parent = 0;
  char state = '?';
  std::uint64_t resident = 0;  // bytes
  std::uint64_t ticks = 0;     // processor time of all its threads so far, in clock ticks
};
// All processes that descend from `root`, without it and without those that have ended.
std::vector<Process> descendants(pid_t root);

// The threads of a process; empty when it is gone. ThreadSanitizer's own background thread is left out.
std::vector<ThreadState> threads_of(pid_t process);

// What the process looks like now, with the pthread mutexes its threads wait for.
Standstill look_at(pid_t process);

// Compares two looks at one process and says what follows from both: which threads burn, whether all are parked, and
// the circle of waiting that is in both.
void compare(const Standstill& before, Standstill& now);

// What `thread` waits for, if it is a pthread mutex: its words are read out of the process. The layout is glibc's, the
// same on x86-64 and AArch64: lock word, count, owner's thread id.
std::optional<AwaitedLock> pthread_mutex_awaited(pid_t process, const ThreadState& thread,
                                                 const std::vector<ThreadState>& all);

// The first circle in "waits for what that one has"; empty if there is none. A critical section counts only where its
// owner waits without giving it up, in a pthread mutex: in any other wait CPython suspends it.
std::vector<pid_t> circle_of_waiting(const std::vector<ThreadState>& threads);

}  // namespace ftaudit::dynamic
