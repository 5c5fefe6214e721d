// One report of ThreadSanitizer as values: what happened, to which memory, by whom, holding what. Every kind that clang
// 14 to 20 and gcc 12 write. Reading it is log.h's business, what it means for the project that of sightings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ftaudit::dynamic::tsan {

struct Frame {
  std::string function;  // may hold blanks: "A::~A()", "operator new(unsigned long)"
  std::string file;      // "" where the debug information has none
  std::uint32_t line = 0, column = 0;
  std::string module;        // as printed: a base name, or a whole path with our stack_trace_format
  std::uint64_t offset = 0;  // in the module
};

struct Stack {
  std::vector<Frame> frames;  // innermost first
  bool restored = true;       // false: "[failed to restore the stack]"
};

// "main thread" is 0, "thread T7" is 7.
using ThreadNumber = std::uint32_t;
inline constexpr ThreadNumber unknown_thread = ~ThreadNumber{0};

struct Access {
  bool write = false, atomic = false, previous = false;
  std::string object;  // of an external object ("Modifying access of X"); "" for memory
  std::uint64_t size = 0, address = 0;
  ThreadNumber thread = unknown_thread;
  struct Held {
    std::uint32_t mutex = 0;
    bool write = true;
  };
  std::vector<Held> held;  // "(mutexes: write M0, read M3)"
  Stack stack;
};

struct Place {
  enum class Kind : std::uint8_t { global, heap, stack, tls, descriptor, object };
  Kind kind = Kind::heap;
  std::string name;  // of a global; type of an object
  std::uint64_t size = 0, address = 0;
  std::uint64_t number = 0;              // of a file descriptor
  bool destroyed = false;                // a descriptor, as it is called
  ThreadNumber thread = unknown_thread;  // whose stack, who allocated it
  std::string module;
  Stack stack;  // where it was allocated or made
};

struct Mutex {
  std::uint32_t number = 0;
  std::uint64_t address = 0;
  Stack created;
};

// A step of a circle in the order of locks: `taken` while `holding`.
struct LockStep {
  std::uint32_t taken = 0, holding = 0;
  ThreadNumber thread = unknown_thread;
  Stack stack;                         // where `taken` was taken
  std::optional<Stack> holding_stack;  // where `holding` was, with second_deadlock_stack=1
};

struct Thread {
  ThreadNumber number = 0;
  std::string name;
  std::uint64_t tid = 0;
  bool running = false;
  ThreadNumber creator = unknown_thread;
  Stack created;
};

enum class Kind : std::uint8_t {
  data_race,
  vptr_race,
  use_after_free,
  external_race,
  thread_leak,
  destroy_locked,
  double_lock,
  invalid_mutex,
  bad_unlock,
  bad_read_lock,
  bad_read_unlock,
  signal_unsafe,
  errno_in_signal,
  lock_order_inversion,
  mutex_in_wrong_context,
  other,
  deadly_signal,  // "==1==ERROR: ThreadSanitizer: SEGV on unknown address"
  check_failed,   // the runtime itself gave up: nothing is proven
};
std::string_view name_of(Kind kind);  // "data-race"

struct Report {
  Kind kind = Kind::other;
  std::string type;  // the sanitizer's own words: "data race on vptr (ctor/dtor vs virtual call)"
  std::uint64_t pid = 0;
  std::vector<Access> accesses;  // of races: the later one first
  std::vector<Stack> stacks;     // of the others: where it happened, and "and:"
  std::vector<Place> places;
  std::vector<Mutex> mutexes;
  std::vector<LockStep> circle;
  std::vector<Thread> threads;
  std::optional<Stack> slept;  // "As if synchronized via sleep"
  std::string signal;          // of a deadly signal: "SEGV"
  std::uint64_t address = 0;   // it was about
  std::string access;          // "READ", "WRITE" or "" if not known
  bool cut_off = false;        // ended before its summary
  std::uint32_t unread = 0;    // lines in it that were not understood
  std::string text;            // as it was, without colours, control characters taken out

  const Thread* thread(ThreadNumber number) const;
};

}  // namespace ftaudit::dynamic::tsan
