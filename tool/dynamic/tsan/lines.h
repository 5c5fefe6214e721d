// The single lines of ThreadSanitizer's text: each function takes one line and says what it holds, or nothing if the
// line is of another kind. No state; putting lines together is log.h's. Used by it and by its tests.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dynamic/tsan/report.h"

namespace ftaudit::dynamic::tsan {

// Reads a text from the left; every question either takes what it asks for or leaves all as it was.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}
  bool take(std::string_view word);
  std::optional<std::uint64_t> number();          // decimal
  std::optional<std::uint64_t> hexadecimal();     // 0x...
  std::optional<ThreadNumber> thread();           // "main thread", "thread T4", "T4"
  std::optional<std::uint32_t> mutex();           // "M4"
  std::string_view until(std::string_view mark);  // takes the mark too; everything if it does not come
  std::string_view rest() const { return rest_; }
  bool skip_past(std::string_view mark);  // false, and nothing taken, if it does not come

 private:
  std::string_view rest_;
};

// "    #0 A::~A() /src/a.cc:5:41 (mod.so+0x54) (BuildId: ab)" and " #0|0x7f..|A::~A()|/src/a.cc:5:41|/x/mod.so|0x54".
std::optional<Frame> frame_in(std::string_view line);
std::optional<Access> access_in(std::string_view line);
std::optional<Place> place_in(std::string_view line);
std::optional<Mutex> mutex_in(std::string_view line);
std::optional<LockStep> lock_step_in(std::string_view line);
std::optional<Thread> thread_in(std::string_view line);

struct Heading {
  Kind kind = Kind::other;
  std::string type, signal, access;
  std::uint64_t pid = 0, address = 0;
};
// "WARNING: ThreadSanitizer: data race (pid=3)", "==3==ERROR: ThreadSanitizer: SEGV on ...", "ThreadSanitizer: CHECK
// failed: ...".
std::optional<Heading> heading_in(std::string_view line);

// Without colours; control characters become '?'.
std::string plain_line(std::string_view line);

}  // namespace ftaudit::dynamic::tsan
